"""Dispatches: the outbox, channels, delivery evidence."""
