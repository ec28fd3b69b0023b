"""Binding rules and statements to figures, and judging whether they hold."""
