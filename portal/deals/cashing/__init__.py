"""Money that came in before anybody said for what: it waits, with suggestions, until it is attached or set aside."""
