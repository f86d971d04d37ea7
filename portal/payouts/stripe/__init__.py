"""Transfers by Stripe Connect: accounts of referrers, one transfer a line, exactly once. Non vérifié en réel."""
