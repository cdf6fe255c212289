"""Where the headings of a sheet are, which rows are data, and why the others are not."""
