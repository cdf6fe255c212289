"""The field's words, tables, errors and coordinate systems: what every package speaks."""
