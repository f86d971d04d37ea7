"""Who signs, how it is proved, sealed and checked."""
