"""What all pages share: guards, fields, filters, page helpers."""
