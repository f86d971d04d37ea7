"""Programmes: objectives, campaigns, the client's advantage, trials."""
