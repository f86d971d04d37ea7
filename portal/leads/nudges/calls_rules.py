"""Five calls a day: which, in which order, and why, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.kit.text import N_, _, ngettext, short_day
from portal.leads.nudges.silence import days_since

MOST = 5
OF_ONE_KIND = 3  # so that a day of many deadlines still leaves room for a kind word
ORDER = ("again", "asked", "due", "stuck", "first", "quiet", "anniversary")  # the most pressing first
ABOUT_A_LEAD = frozenset({"again", "asked", "due"})
OUTCOMES = {
    "reached": N_("Appelé"),
    "missed": N_("Pas joint"),
    "later": N_("Rappeler le…"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom to call. `since`: the deadline, the signature's sending, the last recommendation, … by `why`."""

    why: str
    referrer_id: int
    referrer_ref: str
    referrer: str
    since: datetime
    name: str  # who answers the telephone
    phone: str
    lead_id: int | None = None
    lead_ref: str = ""
    company: str = ""

    @property
    def key(self) -> str:
        """As the form names it."""
        return f"{self.why}:{self.lead_ref or self.referrer_ref}"


def five(candidates: Sequence[Candidate]) -> list[Candidate]:
    """At most five, the most pressing first, nobody twice, nobody without a number."""
    chosen: list[Candidate] = []
    reached: set[str] = set()
    for one in sorted(candidates, key=lambda one: (ORDER.index(one.why), one.since, one.key)):
        many = sum(1 for other in chosen if other.why == one.why)
        if one.phone and one.phone not in reached and many < OF_ONE_KIND:
            chosen.append(one)
            reached.add(one.phone)
    return chosen[:MOST]


def reason(one: Candidate, now: datetime) -> str:
    """Why today, in one line."""
    days = max(days_since(one.since, now), 0)
    match one.why:
        case "again":
            return _("Vous aviez promis de rappeler.")
        case "asked":
            return _("%(company)s demande à être appelé.") % {"company": one.company}
        case "due" if one.since < now:
            return _("%(company)s : la réponse était attendue le %(day)s.") % {
                "company": one.company,
                "day": short_day(one.since),
            }
        case "due":
            return _("%(company)s : réponse attendue avant le %(day)s.") % {
                "company": one.company,
                "day": short_day(one.since),
            }
        case "stuck":
            return ngettext(
                "Son contrat attend sa signature depuis %(num)d jour.",
                "Son contrat attend sa signature depuis %(num)d jours.",
                days,
            ) % {"num": days}
        case "first":
            return _("Sa première recommandation : %(company)s. Un merci fait la deuxième.") % {
                "company": one.company
            }
        case "quiet":
            return ngettext(
                "Vous a apporté des clients, et rien depuis %(num)d jour.",
                "Vous a apporté des clients, et rien depuis %(num)d jours.",
                days,
            ) % {"num": days}
    years = max(round(days / 365.25), 1)
    return ngettext("%(num)d an de contrat aujourd'hui.", "%(num)d ans de contrat aujourd'hui.", years) % {
        "num": years
    }
