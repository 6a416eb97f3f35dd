"""Data → Dash components: cards, tiles, tables, filters, states."""
