"""When another is to be paid in the place of a referrer: who gets what of a transfer, and how each share ends."""
