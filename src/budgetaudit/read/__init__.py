"""Reading: from documents to budgets. One reader per format; what they share is the text with its places."""

from budgetaudit.read.document import read

__all__ = ["read"]
