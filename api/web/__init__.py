"""The web service: pages, the study as JSON, and OGC API documents."""
