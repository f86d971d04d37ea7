"""Whether the holder of an account is who the contract is with: compared, answered by the bank, decided, recorded."""
