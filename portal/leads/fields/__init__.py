"""What a company words itself: why recommendations end, and what each of its programmes asks."""
