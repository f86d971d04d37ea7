"""Recommendations: what a referrer brings, its stages, its priority, the words exchanged about it."""
