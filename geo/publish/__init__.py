"""A study as others receive it: features, filters, tiles, JSON, files and map sheets."""
