"""A campaign tracker for letters to companies."""
