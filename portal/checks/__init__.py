"""Catatan pemeriksaan isian over all reports of a year, and what follows a changed figure."""
