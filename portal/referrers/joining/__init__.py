"""Becoming a referrer: applications, invitations, the gates of a partner's employee."""
