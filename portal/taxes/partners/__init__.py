"""Employees of partners: what a year brought them, the slices, the contribution, and what their employer is told."""
