"""What is said about a budget: kinds of defects, findings with their severity, and the report that gathers them."""
