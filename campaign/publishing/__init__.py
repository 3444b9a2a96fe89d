"""The gate, records, public pages."""
