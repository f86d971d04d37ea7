"""The yearly papers: what was paid in a civil year, to whom, and what the law wants said of it."""
