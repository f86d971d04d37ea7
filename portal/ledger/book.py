"""Writing an entry, line by line, as the recipes do."""

from datetime import date

from portal.ledger.accounts import of_company, of_referrer
from portal.ledger.rules import Entry, Line, Unit


class Book:
    """The accounts of one referrer with one legal entity, and the lines written so far; a line of nothing is none."""

    def __init__(self, entity_id: int, referrer_id: int, unit: Unit = "EUR_CENT") -> None:
        self.entity_id, self.referrer_id = entity_id, referrer_id
        self.unit: Unit = unit
        self.lines: list[Line] = []

    def move(self, amount: int, debit: str, credit: str) -> "Book":
        """From one account of the referrer to another; a negative amount goes the other way."""
        return self.theirs(debit, amount).theirs(credit, -amount)

    def theirs(self, role: str, amount: int) -> "Book":
        return self._add(of_referrer(self.entity_id, self.referrer_id, role), amount)

    def ours(self, role: str, amount: int) -> "Book":
        return self._add(of_company(self.entity_id, role), amount)

    def _add(self, account: str, amount: int) -> "Book":
        if amount:
            self.lines.append(Line(account, self.unit, amount))
        return self

    def entry(self, kind: str, fact: str, on: date, reason: str = "") -> Entry:
        """`fact` is 'kind of thing:id:what happened to it'; its first two words are the subject."""
        subject_kind, subject_id = fact.split(":")[:2]
        return Entry(kind, fact, on, subject_kind, int(subject_id), tuple(self.lines), reason)
