"""What the `portal` command does: each command opens the database, acts as a deed and closes it again."""
