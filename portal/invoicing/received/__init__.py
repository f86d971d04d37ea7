"""Invoices of referrers without a mandate: read, compared with what is due, accepted or refused."""
