"""The shelf: one folder for each district shipped, each with its ``sources.toml``."""
