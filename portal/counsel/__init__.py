"""Pendampingan and Permintaan data: reading of a contract from outside, for a time, with a basis."""
