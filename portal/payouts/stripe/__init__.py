"""Transfers to the accounts that referrers opened with Stripe."""
