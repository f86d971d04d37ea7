"""Points: lots with a day until which they are valid, what was spent of them, what they are called and worth."""
