"""Nothing here is a test: these are tools, run by hand (see ``record.py``)."""

collect_ignore_glob = ["*.py"]
