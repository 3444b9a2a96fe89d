"""Deadlines, reminders, extensions, holds."""
