"""What keeps sales answering: silence shown, five calls a day, the Monday mail and its buttons."""
