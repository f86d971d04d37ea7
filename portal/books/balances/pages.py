"""/comptabilite/balance-agee, /comptabilite/rapprochement."""

from datetime import date, timedelta
from typing import Any

from litestar import Request

from portal.books.balances import access
from portal.books.balances.rules import DIFFERENCES, Bucket, aged, bucket_of, reconciled
from portal.books.rooms import HOME, tabs
from portal.company import access as company
from portal.kit.days import add_months, today
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.sheets import euros
from portal.kit.text import N_, _
from portal.kit.web import Answer, get
from portal.people.rules import Role

FINANCE = {Role.FINANCE, Role.ADMIN}
AGED, RECONCILED = f"{HOME}/balance-agee", f"{HOME}/rapprochement"
BUCKETS = {
    Bucket.NOT_DUE: N_("Non échu"),
    Bucket.UP_TO_30: N_("1 à 30 jours"),
    Bucket.UP_TO_60: N_("31 à 60 jours"),
    Bucket.UP_TO_90: N_("61 à 90 jours"),
    Bucket.OVER_90: N_("Plus de 90 jours"),
}
AGED_CELLS: Cells = {
    "who": lambda row: row.name,
    "number": lambda row: row.number,
    **{bucket.value: lambda row, bucket=bucket: euros(row.cents[bucket]) for bucket in Bucket},
    "total": lambda row: euros(row.total),
}


async def _entity_id() -> int:
    entity = await company.legal_entity()
    assert entity is not None
    return entity["id"]


def _day(listing: Listing, name: str, otherwise: date) -> date:
    typed = next(one for one in listing.filters if one.name == name)
    return typed.parameter if typed.value else otherwise


@get(AGED, allows=FINANCE)
async def balance(request: Request) -> Answer:
    """As of the end of any day."""
    columns = (
        Column("who", _("Apporteur")), Column("number", _("Numéro")),
        *(Column(bucket.value, _(label), numeric=True) for bucket, label in BUCKETS.items()),
        Column("total", _("Total"), numeric=True),
    )  # fmt: skip
    listing = Listing.asked(request, columns, (Filter("au", _("Au"), "date"),))
    day, entity_id = _day(listing, "au", today()), await _entity_id()
    rows = aged(await access.open_papers(entity_id, day), day)
    listing.show(rows[listing.offset : listing.offset + listing.size], len(rows))
    total = sum(row.total for row in rows)
    return await listing.answer(
        "comptabilite/aged.html", cells=AGED_CELLS, name=f"balance-agee-{day.isoformat()}", day=day,
        buckets=[(_(label), sum(row.cents[bucket] for row in rows)) for bucket, label in BUCKETS.items()],
        total=total, off=total - await access.booked(entity_id, day), tabs=tabs(AGED),
    )  # fmt: skip


PAPER_CELLS: Cells = {
    "paper": lambda row: row["number"],
    "issued": lambda row: row["issued_on"],
    "due": lambda row: row["due_on"],
    "late": lambda row: row["late"],
    "bucket": lambda row: row["bucket"],
    "amount": lambda row: euros(row["cents"]),
}


@get(f"{AGED}/{{ref:str}}", allows=FINANCE)
async def balance_of(request: Request, ref: str) -> Answer:
    """The papers that make the balance of one referrer."""
    columns = (
        Column("paper", _("Pièce")), Column("issued", _("Émise le")), Column("due", _("À payer avant le")),
        Column("late", _("Jours de retard"), numeric=True), Column("bucket", _("Tranche")),
        Column("amount", _("Montant TTC"), numeric=True),
    )  # fmt: skip
    listing = Listing.asked(request, columns, (Filter("au", _("Au"), "date"),))
    day = _day(listing, "au", today())
    found = await access.open_papers(await _entity_id(), day)
    papers = [dict(paper) for paper in found if paper["referrer_ref"] == ref]
    if not papers:
        raise NotFound("balance")
    for paper in papers:
        label = BUCKETS[bucket_of(paper["due_on"], day)]
        paper |= {"late": max(0, (day - paper["due_on"]).days), "bucket": _(label)}
    listing.show(papers, len(papers))
    return await listing.answer(
        "comptabilite/aged_of.html", cells=PAPER_CELLS, name=f"balance-agee-{papers[0]['referrer_number']}",
        day=day, who=papers[0], total=sum(paper["cents"] for paper in papers),
    )  # fmt: skip


LOOKED_FOR = {
    "commissions": N_("Factures et commissions"),
    "compte": N_("Factures et compte 401"),
    "virements": N_("Factures et virements arrivés"),
}
RECONCILED_CELLS: Cells = {
    "paper": lambda row: row["number"],
    "issued": lambda row: row["issued_on"],
    "who": lambda row: row["referrer_name"],
    "commissions": lambda row: euros(row["commission_cents"]),
    "net": lambda row: euros(row["net_cents"]),
    "vat": lambda row: euros(row["vat_cents"]),
    "booked": lambda row: euros(row["booked_net"] + row["booked_vat"]),
    "transfer": lambda row: row["run_number"] or "",
}


@get(RECONCILED, allows=FINANCE)
async def reconciliation(request: Request) -> Answer:
    """Papers issued in a period; with a difference asked for, those that make it."""
    listing = _papers_listing(request)
    month = today().replace(day=1)
    first, last = _day(listing, "du", month), _day(listing, "au", add_months(month, 1) - timedelta(days=1))
    papers = await access.papers_between(await _entity_id(), first, last)
    differs = DIFFERENCES.get(listing.value("ecart"), bool)
    rows = [paper for paper in papers if differs(paper)]
    listing.show(rows[listing.offset : listing.offset + listing.size], len(rows))
    return await listing.answer(
        "comptabilite/reconciliation.html", cells=RECONCILED_CELLS, name="rapprochement", found=reconciled(papers),
        papers=len(papers), first=first, last=last, looked_for=_looked_for(listing, papers), tabs=tabs(RECONCILED),
    )  # fmt: skip


def _looked_for(listing: Listing, papers: list[Any]) -> list[dict[str, Any]]:
    """Each difference, in words, with how many papers make it and where they are listed."""
    off = reconciled(papers).off
    return [
        {
            "key": key,
            "label": _(label),
            "off": off[key],
            "papers": sum(DIFFERENCES[key](paper) for paper in papers),
            "href": RECONCILED + listing.query(ecart=key, page=None) + "#pieces",
        }
        for key, label in LOOKED_FOR.items()
    ]


def _papers_listing(request: Request) -> Listing:
    columns = (
        Column("paper", _("Pièce")), Column("issued", _("Émise le")), Column("who", _("Apporteur")),
        Column("commissions", _("Commissions HT"), numeric=True), Column("net", _("Pièce HT"), numeric=True),
        Column("vat", _("TVA"), numeric=True), Column("booked", _("Compte 401"), numeric=True),
        Column("transfer", _("Virement")),
    )  # fmt: skip
    differences = [(key, _(label)) for key, label in LOOKED_FOR.items()]
    filters = (
        Filter("du", _("Du"), "date"), Filter("au", _("Au"), "date"), Filter("ecart", _("Écart entre"), "select", differences),
    )  # fmt: skip
    return Listing.asked(request, columns, filters)
