"""Lembar Salin: our numbers in the order of the screens of the national applications."""
