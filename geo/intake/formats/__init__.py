"""Untrusted bytes of any format taken as sheets of plain cells; light to import."""
