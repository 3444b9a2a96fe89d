"""The public site as plain files, for any web server, content network or object store."""
