"""What must hold between figures: equations, rules, rule sets and the packs of them."""
