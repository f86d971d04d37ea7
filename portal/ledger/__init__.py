"""The ledger: append-only double entry. Recipes write it through one function; balances are read from it."""
