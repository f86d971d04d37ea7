"""Balances: what account 401 owes to whom and since when; whether commissions, papers, transfers and 401 say the same."""
