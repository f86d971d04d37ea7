"""Plans written, tried, compared and published in the browser."""
