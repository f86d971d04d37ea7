"""Papers by status: what stands on them, their Factur-X twin, and whether it is right in law."""
