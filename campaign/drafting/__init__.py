"""Templates, placeholders, rendering, approval."""
