"""Rewards: what points can become; what is wished for, asked for and asked about."""
