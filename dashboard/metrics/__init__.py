"""Every number's one definition, and its computation."""
