"""Money: numbers as printed, from their characters to their interval and back to characters."""
