"""What the bank answers: its files read, each entry matched to a transfer, applied once or left to decide."""
