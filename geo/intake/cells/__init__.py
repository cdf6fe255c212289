"""One cell to one value: plain, or as people fill it."""
