"""The demonstration: an invented organisation's campaign, played through staff's own operations."""
