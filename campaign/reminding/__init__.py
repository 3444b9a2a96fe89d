"""Telling staff what waits for them: each thing once, by mail, in the hours in which they work."""
