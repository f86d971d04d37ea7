"""The prospect's side: what they read, answer, object to; what is kept of them, and for how long."""
