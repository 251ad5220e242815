"""Absorption of the budget: cash plans, the SP2D register, boards for those who lead."""
