"""LKE AKIP: Inspektorat's evaluation of a unit's SAKIP, its LHE, its recommendations."""
