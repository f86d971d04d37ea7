"""The demo: a believable company, made by the real verbs in date order, and the doors that only the demo has."""
