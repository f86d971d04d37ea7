"""Individuals: what they declare of a year, and what it changes."""
