"""Clients, and what makes two companies the same."""
