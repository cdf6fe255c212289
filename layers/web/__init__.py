"""The page at ``/``, the same page as one file, and the service's pages for reading."""
