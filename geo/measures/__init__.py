"""The field's measures: frames in, frames out, on the same index."""
