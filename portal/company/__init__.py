"""The company: legal entities, brand, bank, options, dated overrides of the figures of law."""
