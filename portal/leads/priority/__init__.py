"""Who was first, until when, and who decides when two say so."""
