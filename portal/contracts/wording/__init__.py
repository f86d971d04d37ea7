"""The texts: shipped and own, their placeholders, guard-rails and preview."""
