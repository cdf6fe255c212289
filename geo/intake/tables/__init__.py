"""The tables that an office sends, each with its columns, checks and matches."""
