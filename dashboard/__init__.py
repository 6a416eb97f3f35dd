"""Township dashboard: the warehouse on screen."""
