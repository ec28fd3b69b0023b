"""Showing: reports as text, HTML, Markdown, CSV and JSON. Values come typed; words, numbers and places are made here."""
