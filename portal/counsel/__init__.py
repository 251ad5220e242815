"""Pendampingan and Permintaan data: reading from outside, for a time, with a basis."""
