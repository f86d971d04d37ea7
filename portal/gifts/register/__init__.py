"""The gift register: who was given what, when, at which true cost, and what becomes of its VAT."""
