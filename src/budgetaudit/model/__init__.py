"""Model: what a budget is, its lines, statements, documents and classifications."""
