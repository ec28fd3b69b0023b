"""Reports: all outcomes, the findings among them, and what was audited. (Contract; see docs/explanation/architecture.md.)"""
