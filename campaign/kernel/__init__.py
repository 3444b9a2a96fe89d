"""Clock, errors, text, dates, files: what every stage uses and what uses no stage."""
