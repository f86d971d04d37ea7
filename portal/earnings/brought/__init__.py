"""What a recommendation has brought and may still bring, as its referrer is told."""
