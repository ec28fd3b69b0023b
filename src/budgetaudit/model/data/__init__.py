"""Data of the package: classifications, their crosswalk, and the labels of Chinese budgets."""
