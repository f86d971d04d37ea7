"""The arrêté du mois: one object per company and month, opened, controlled, closed; then its pack."""
