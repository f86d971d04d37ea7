"""The journal: the ledger as accounting entries, and the files that take them away.

What the month's pack calls:
    entries.entries_between(entity, first, last) -> list[JournalEntry]
    exporting.fec(entity, first, last) -> bytes              name of the file: exporting.file_name(entity, "fec", first, last)
    exporting.generic_csv(entity, first, last) -> bytes
    exporting.number(entity, last)                           in the deed that closes: entries up to that day have their number for good
`entity` is the row of legal_entity. Nothing of it writes but `number`."""
