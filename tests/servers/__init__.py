"""Real programs that tests drive: PostgreSQL, Chromium, the site itself in a process of its own."""
