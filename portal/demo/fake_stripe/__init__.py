"""A Stripe of our own, for the demo and the tests: the shapes of its public reference, money of nobody. Non vérifié en réel."""
