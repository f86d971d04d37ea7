"""The outbox: a mail is a row of the deed that wants it; a job sends it."""
