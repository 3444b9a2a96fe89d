"""What letters rest on: surveys, with the source of every number."""
