"""Numbers → numbers: intervals and other methods, without tables, screens or words."""
