"""The closing of a year: one object per company and year, opened, controlled, closed; then its papers."""
