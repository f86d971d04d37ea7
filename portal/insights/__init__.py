"""What everybody sees first: reads everything, writes nothing."""
