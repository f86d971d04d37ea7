"""What a plan owes for what happened; its hold, its release, its way to the bank, its explanation."""
