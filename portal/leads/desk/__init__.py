"""Sales at work: the board by stage, the lists with their filters, saved views, many recommendations moved at once."""
