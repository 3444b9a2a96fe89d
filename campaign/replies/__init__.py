"""Mailboxes, reading mail, matching, triage."""
