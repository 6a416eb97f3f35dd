"""Exports → one DuckDB warehouse. Knows files, not screens."""
