"""Exact linear systems over the rationals: what is possible, what is not and why, and the lightest way out."""
