"""Contracts: what is stored."""
