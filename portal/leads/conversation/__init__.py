"""What the referrer follows: where it stands, what it brings, whom to call; questions with their answers, and asking for news."""
