"""Desks: whose clock runs, which files lie where, what holds them up, and who has answered."""
