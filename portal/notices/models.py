"""Notices: what is stored."""
