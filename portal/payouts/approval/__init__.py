"""Who approves a run: limits, delegations in holidays, four eyes or one pair."""
