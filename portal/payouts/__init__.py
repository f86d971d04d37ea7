"""Settlements and transfers to referrers."""
