"""Who a referrer is in law as time goes by: which record rules from when until when, and what a change brings. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from portal.kit.rows import Row
from portal.kit.text import N_
from portal.referrers.rules import Regime, Standing, Status

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """One record and the days that it rules; `until` is the last of them, none while it goes on."""

    row: Row
    until: date | None
    replaced: bool  # what was recorded later for the same day rules instead

    @property
    def since(self) -> date:
        return self.row["since"]

    def holds_on(self, day: date) -> bool:
        return not self.replaced and self.since <= day and (self.until is None or day <= self.until)


def periods(standings: Sequence[Row]) -> list[Period]:
    """`standings` as access.standings_of gives them: by first day, then in the order in which they were recorded."""
    found = []
    for at, row in enumerate(standings):
        later = next((other["since"] for other in standings[at + 1 :] if other["since"] > row["since"]), None)
        replaced = at + 1 < len(standings) and standings[at + 1]["since"] == row["since"]
        found.append(Period(row, later - DAY if later else None, replaced))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """Another standing from a day on, until the next that is on file."""

    before: Standing | None
    after: Standing
    since: date
    until: date | None

    @property
    def matters(self) -> bool:
        """There was another before: somebody has to be told what follows."""
        return self.before is not None and self.before != self.after

    @property
    def changes_status(self) -> bool:
        return self.before is not None and self.before.status is not self.after.status


def change_to(standings: Sequence[Row], after: Standing, since: date) -> Change:
    begun = [row for row in standings if row["since"] <= since]
    later = min((row["since"] for row in standings if row["since"] > since), default=None)
    before = standing_in(begun[-1]) if begun else None
    return Change(before, after, since, later - DAY if later else None)


def standing_in(row: Row) -> Standing:
    return Standing(Status(row["status"]), Regime(row["vat_regime"]), row["vat_on_debits"])


# What follows from a change, in the order in which it is said.
FOLLOWS = {
    "later": N_("Rien ne change avant le %(since)s."),
    "for_a_time": N_("Cela vaut jusqu'au %(until)s : ce qui est enregistré pour la suite reste vrai."),
    "receipts": N_(
        "À partir du %(since)s, les commissions donnent lieu à un bordereau, sans TVA, à déclarer chaque année."
    ),
    "invoices": N_("À partir du %(since)s, les commissions donnent lieu à des factures."),
    Regime.STANDARD: N_("À partir du %(since)s, les factures portent la TVA à %(rate)s %%, à reverser."),
    Regime.FRANCHISE: N_(
        "À partir du %(since)s, les factures sont sans TVA et portent la mention de l'article 293 B."
    ),
    Regime.EXEMPT: N_("À partir du %(since)s, les factures sont sans TVA : l'association en est exonérée."),
    Regime.REVERSE_CHARGE: N_(
        "À partir du %(since)s, les factures sont sans TVA : l'entreprise l'autoliquide."
    ),
    Regime.NONE: N_("À partir du %(since)s, les factures sont sans TVA : l'activité est hors de son champ."),
    Regime.MISSING: N_("Plus aucune facture n'est établie tant que le régime de TVA n'est pas connu."),
    "debits": N_("La TVA est due dès la facture, qui le dit. Le justificatif de l'option est à déposer."),
    "no_debits": N_("La TVA est due quand la commission est versée, et non plus dès la facture."),
    "employer": N_("L'accord écrit de l'employeur devient nécessaire, et il est informé une fois par an."),
    "contract": N_(
        "Le contrat signé parle de l'ancien statut : un nouveau texte est à signer, et l'entreprise en est prévenue."
    ),
    "rectify": N_(
        "Les papiers déjà établis pour cette période sont à rectifier : la finance en est prévenue."
    ),
}


def follows(
    change: Change, today: date, *, rate_percent: Decimal | None, signed: bool, papers: bool
) -> list[str]:
    """Keys of FOLLOWS. `signed`: a contract binds them; `papers`: some that were issued would have been others."""
    before, after = change.before, change.after
    if before is None or not change.matters:
        return []
    no_vat = after.vat_regime is Regime.STANDARD and rate_percent is None
    told: Mapping[str, bool] = {
        "later": change.since > today,
        "for_a_time": change.until is not None,
        "receipts": after.takes_receipt and not before.takes_receipt,
        "invoices": before.takes_receipt and not after.takes_receipt,
        after.vat_regime: not after.takes_receipt and not no_vat
        and (before.takes_receipt or before.vat_regime is not after.vat_regime),
        "debits": after.vat_on_debits and not before.vat_on_debits,
        "no_debits": before.vat_on_debits and not after.vat_on_debits and after.vat_regime is Regime.STANDARD,
        "employer": change.changes_status and after.status is Status.PARTNER_EMPLOYEE,
        "contract": change.changes_status and signed,
        "rectify": papers,
    }  # fmt: skip
    return [key for key, holds in told.items() if holds]
