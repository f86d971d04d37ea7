"""The barter: a reward of a business referrer is his service against our good, each with its invoice, set off in full."""
