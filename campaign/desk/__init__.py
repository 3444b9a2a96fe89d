"""What spans all stages: Today, the campaign board."""
