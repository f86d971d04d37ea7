"""What others tell us: told apart from forgeries, stored first, then done once."""
