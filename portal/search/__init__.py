"""Search over everything: one row per findable thing, for those who may see it."""
