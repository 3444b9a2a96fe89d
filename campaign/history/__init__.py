"""The append-only event log, chained by hash."""
