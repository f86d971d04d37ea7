"""Referrers: who they are in law, dated; their bank details and documents."""
