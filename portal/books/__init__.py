"""What accounting takes home: the month as one object, journals and exports, balances, the file for an inspection."""
