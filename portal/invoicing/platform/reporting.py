"""E-reporting: what was bought from suppliers abroad, told to the administration period by period.

Their VAT is paid by us (reverse charge): nothing is told of payments, only of purchases (CGI 290, 290 A)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from portal.company import access as company
from portal.history.access import record
from portal.invoicing.platform import access, calling, report_xml
from portal.invoicing.platform.outbox import put
from portal.invoicing.platform.report_xml import Period
from portal.invoicing.platform.rules import COMPANY_SIZES, Content
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.money import Cents
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.law import Figures
from portal.law.einvoicing import Duty, Obligation, Rhythm, obligation, period_of, report_due
from portal.settings import settings

RHYTHM = "einvoicing.rhythm"
RHYTHM_LABELS = {
    Rhythm.DECADE: N_("Réel normal, TVA au mois : tous les dix jours"),
    Rhythm.MONTH: N_("Réel normal au trimestre, ou réel simplifié : chaque mois"),
    Rhythm.TWO_MONTHS: N_("Franchise en base : tous les deux mois"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """One period with something to tell."""

    period: Period
    papers: int
    net_cents: Cents
    due_on: date
    must: bool  # from the day on which we are bound to
    last: db.Row | None  # the last report of it
    over: bool

    @property
    def key(self) -> str:
        return f"{self.period.begins_on:%Y%m%d}-{self.period.ends_on:%Y%m%d}"

    @property
    def differs(self) -> bool:
        """What was told is no longer all."""
        return self.last is not None and (self.last["papers"], self.last["net_cents"]) != (
            self.papers,
            self.net_cents,
        )

    @property
    def state(self) -> str:
        if self.last is None and not self.papers:
            return "empty"
        if self.last is None:
            return ("late" if self.must and today() > self.due_on else "to_send") if self.over else "open"
        return "differs" if self.differs else self.last["state"] or "made"


STATE_LABELS = {
    "empty": N_("Rien à déclarer"),
    "open": N_("En cours"),
    "to_send": N_("À transmettre"),
    "late": N_("En retard"),
    "differs": N_("À compléter"),
    "made": N_("Établi"),
    "waiting": N_("Envoi en cours"),
    "deposited": N_("Déposé, en contrôle"),
    "accepted": N_("Transmis"),
    "refused": N_("Refusé par la plateforme"),
}
STATE_TONES = {
    "to_send": "wait", "late": "bad", "differs": "wait", "made": "note", "waiting": "note", "deposited": "note",
    "accepted": "good", "refused": "bad",
}  # fmt: skip


async def rhythm() -> Rhythm:
    return Rhythm(await company.option(RHYTHM, Rhythm.DECADE))


async def set_rhythm(chosen: Rhythm) -> None:
    await company.set_option(RHYTHM, chosen)
    await record("invoicing.rhythm", "company", 0, rhythm=chosen)


def bound(entity: db.Row, day: date, figures: Figures) -> Obligation:
    """From when on we tell of what we buy abroad: by our own size."""
    size = COMPANY_SIZES[entity["size"]]
    return obligation(Duty.REPORTED, size, size, day, figures)


async def periods(entity: db.Row) -> list[Due]:
    """Since the reform, those in which something was bought; the latest first."""
    return await _periods(entity, await company.figures(), await rhythm())


async def _periods(entity: db.Row, figures: Figures, chosen: Rhythm) -> list[Due]:
    since = figures.day("einvoicing.receive_on", today())
    bought: dict[tuple[date, date], list[db.Row]] = defaultdict(list)
    for day in await access.bought_by_day(entity["id"], since):
        bought[period_of(day["issued_on"], chosen)].append(day)
    last = {(row["begins_on"], row["ends_on"]): row for row in await access.reports(entity["id"], since)}
    must_from = bound(entity, today(), figures).since or since
    return [
        _due(Period(*ends), days, last.get(ends), must_from, chosen, figures)
        for ends, days in sorted(bought.items(), reverse=True)
    ]


def _due(
    period: Period,
    days: Sequence[db.Row],
    last: db.Row | None,
    must_from: date,
    chosen: Rhythm,
    figures: Figures,
) -> Due:
    return Due(
        period, sum(day["papers"] for day in days), sum(day["net_cents"] for day in days),
        report_due(period.ends_on, chosen, figures), period.begins_on >= must_from, last, period.ends_on < today(),
    )  # fmt: skip


async def period_named(entity: db.Row, key: str) -> Due:
    """Also one in which nothing was bought; one that is no period of ours is not there."""
    figures, chosen = await company.figures(), await rhythm()
    found = next((due for due in await _periods(entity, figures, chosen) if due.key == key), None)
    return found or _due(_period(key, chosen), [], None, today(), chosen, figures)


def _period(key: str, chosen: Rhythm) -> Period:
    begins, _, ends = key.partition("-")
    try:
        period = Period(date.fromisoformat(begins), date.fromisoformat(ends))
    except ValueError as odd:
        raise NotFound("period") from odd
    ours = (period.begins_on, period.ends_on) == period_of(period.begins_on, chosen)
    if not ours or period.begins_on > today():
        raise NotFound("period")
    return period


async def make(entity: db.Row, due: Due) -> int:
    """What is told of a period, once; again where something came in since. To be sent by the outbox. Raises Refused."""
    if due.last is not None and not due.differs:
        raise Refused("told", N_("Cette période est déjà déclarée, et rien n'y a changé."))
    if due.state == "empty":
        raise Refused("nothing", N_("Rien n'a été acheté hors de France pendant cette période."))
    if not due.over:
        raise Refused("period_open", N_("Cette période n'est pas finie."))
    if not settings().platform_number or not calling.is_on():
        raise Refused(
            "off", N_("Aucune plateforme n'est branchée, ou son matricule n'est pas donné à l'installation.")
        )
    papers = await access.bought(entity["id"], due.period.begins_on, due.period.ends_on)
    try:
        async with db.savepoint():
            report_id, ref = await _written(entity, due, papers)
    except asyncpg.UniqueViolationError as twice:
        raise Stale from twice
    await record("invoicing.reported", "vat_report", report_id, papers=len(papers))
    await put(Content.REPORT, f"{ref}.xml", body=(await _xml(report_id)), report_id=report_id)
    return report_id


async def _written(entity: db.Row, due: Due, papers: Sequence[db.Row]) -> tuple[int, str]:
    ref, first = new_ref(), due.last is None
    made = await db.insert(
        "vat_report",
        ref=ref, legal_entity_id=entity["id"], begins_on=due.period.begins_on, ends_on=due.period.ends_on,
        position=1 if due.last is None else due.last["position"] + 1, papers=len(papers), net_cents=due.net_cents,
        xml=report_xml.write(ref, due.period, papers, entity, settings().platform_number, now(), first=first),
        made_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    return made, ref


async def _xml(report_id: int) -> bytes:
    return await db.value("SELECT xml FROM vat_report WHERE id = $1", report_id)


def preview(due: Due, papers: Sequence[db.Row], entity: db.Row) -> bytes:
    """The same file before it is sent: for who deposits it by hand."""
    return report_xml.write(
        due.key,
        due.period,
        papers,
        entity,
        settings().platform_number or "0000",
        now(),
        first=due.last is None,
    )
