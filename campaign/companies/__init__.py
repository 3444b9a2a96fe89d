"""Companies and their contacts."""
