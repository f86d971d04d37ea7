"""A file of recommendations taken as a list ends as if each of them had been typed in and led on, one after the other."""

import random
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.imports import access, applying
from portal.imports.collecting import Row
from portal.imports.options import Options
from portal.imports.reading import read
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.kit.sheets import csv_bytes
from portal.leads import actions as leads
from portal.leads.intake.bringing import Brought, bring
from portal.leads.prospect import opposing
from portal.plans import actions as plans
from tests.imports.scene import WHO, options
from tests.imports.test_killed import everything
from tests.walk.test_by_verbs import PLAN

REFERRERS = csv_bytes([
    ["N°", "Statut", "Nom", "E-mail", "Contrat signé le"],
    *([f"A{n}", "particulier", f"Nom {n}", f"a{n}@exemple.fr", since] for n, since in enumerate(["01/02/2025", "", "15/09/2025", "", ""])),
])  # fmt: skip
TITLES = [
    "Réf", "Date", "Apporteur", "Entreprise", "SIREN", "Contact", "E-mail", "Téléphone", "CP", "Ville", "Besoin", "Accord du prospect",
    "Suite", "Signé le", "Montant HT",
]  # fmt: skip
SIRENS = ["", "", "", "732829320", "915102255", "552100554"]
COMPANIES = ["Dupont SARL", "DUPONT", "Noël & Fils", "Électricité Noël", "Hôtel du Port", "Garage Roux"]
MAILBOXES = [
    "",
    "x@dupont.fr",
    "y@dupont.fr",
    "paul@gmail.com",
    "contact@noel.fr",
    "lea@noel.fr",
    "port@hotel.fr",
]
PHONES = ["", "", "01 23 45 67 89", "06 11 22 33 44"]
PLACES = [("", ""), ("69003", "Lyon"), ("35000", "Rennes")]
OUTCOMES = ["en cours", "en cours", "gagné", "perdu", "refusé"]


def a_file(rows: int, seed: int) -> bytes:
    """Few companies, so that many wait behind others; A9 is nobody, A3 has left, and half the days are beyond any priority."""
    dice = random.Random(seed)
    return csv_bytes([TITLES, *(_line(dice, number) for number in range(rows))])


def _line(dice: random.Random, number: int) -> list[str]:
    outcome, day = dice.choice(OUTCOMES), today() - timedelta(dice.randrange(1, 600))
    signed = [(day + timedelta(2)).strftime("%d/%m/%Y"), f"{dice.randrange(1, 90) * 100}"]
    signed = signed if outcome == "gagné" else ["", ""]
    return [
        f"L{number // 2 if number % 30 == 29 else number}", f"{day:%d/%m/%Y}", f"A{dice.choice([0, 0, 0, 1, 2, 3, 4, 9])}",
        dice.choice(COMPANIES), dice.choice(SIRENS), dice.choice(["", "Paul", "Léa"]), dice.choice(MAILBOXES), dice.choice(PHONES),
        *dice.choice(PLACES), dice.choice(["", "Un toit"]), "oui", outcome, *signed,
    ]  # fmt: skip


async def stands_before(said: Options, prospects: str, plan: dict[str, object]) -> None:
    """Referrers with and without a contract, two recommendations by hand, somebody who does not want to be contacted."""
    assert said.programme_id
    async with deed(WHO):
        version = await plans.publish(said.programme_id, plan, date(2024, 1, 1))
    said = replace(said, plan_version_id=version["id"])
    await applying.import_file("referrers", "referrers.csv", REFERRERS, said, WHO)
    async with deed(WHO, notify=False):
        await db.execute("UPDATE programme SET prospects = $1", prospects)
        await db.execute("UPDATE referrer SET state = 'closed' WHERE number = 'A3'")
        for number, (company, siren) in enumerate([("Hôtel du Port", ""), ("Autre nom", "915102255")]):
            await leads.submit(
                await _referrer("A0"), programme_id=said.programme_id, company_name=company, siren=siren,
                contact_email=f"z{number}@hotel.fr", consent="oui", recommended_on=today(), external_id=f"L{70 + number}",
                source="import",
            )  # fmt: skip
        opposed = await leads.submit(
            await _referrer("A0"), programme_id=said.programme_id, company_name="Garage Roux", contact_name="Paul",
            consent="oui", source="import",
        )  # fmt: skip
        await opposing.remember(opposed)
        await leads.move(opposed, "object")


async def _referrer(number: str) -> int:
    return await db.value("SELECT id FROM referrer WHERE number = $1", number)


async def as_a_list(data: bytes, said: Options) -> set[str]:
    """The numbers of those that were refused."""
    report = await applying.import_file("leads", "leads.csv", data, said, WHO)
    assert report.added > 50
    return {row[0] for row in await db.rows("SELECT row_ref FROM import_fault WHERE while_taking")}


async def one_by_one(data: bytes, said: Options) -> set[str]:
    refused = set()
    reading = read("leads", data, await access.known("leads"))
    for row in applying.in_order("leads", reading.good):
        try:
            async with deed(WHO, notify=False):
                await _typed_in(row, said)
        except Refused:
            refused.add(row.ref)
    return refused


async def _typed_in(row: Row, said: Options) -> None:
    values = row.values
    lead = await leads.submit(
        await _referrer(str(values["referrer"])), programme_id=said.programme_id, external_id=row.ref, source="import",
        company_name=values["company"], siren=values.get("siren") or "", contact_name=values.get("contact") or "",
        contact_email=values.get("email") or "", contact_phone=values.get("phone") or "", need=values.get("need") or "",
        postcode=values.get("postcode") or "", city=values.get("city") or "", consent=values["consent"],
        estimate_cents=values.get("amount_cents"), recommended_on=values["day"],
    )  # fmt: skip
    match values["outcome"]:
        case "open" if lead["state"] == "submitted":
            await leads.move(lead, "accept", on=values["day"])
        case "rejected":
            await leads.move(lead, "reject", reason="other", on=values["day"])
        case "lost":
            accepted = await leads.move(lead, "accept", on=values["day"])
            await leads.move(accepted, "lose", reason="other", on=values["day"])
        case "won":
            await _won(lead, row)


async def _won(lead: db.Row, row: Row) -> None:
    if lead["state"] == "waiting":
        await leads.decide_earns(lead, "undecided")
    accepted = await leads.move(lead, "accept", on=row.values["day"])
    title = row.values.get("need") or row.values["company"]
    await deals.sign(
        accepted, title=title, signed_on=row.values["signed_on"], external_id=row.ref,
        lines=[NewLine(title, row.values["amount_cents"])], announced=True,
    )  # fmt: skip


EARLY = {**PLAN, "name": "À la signature", "pays_on": "deal_signed"}
EARLIER = {
    **PLAN, "name": "À la mise en relation", "pays_on": "lead_qualified",
    "rules": [{"key": "prime", "when": [], "pay": {"kind": "flat", "amount": "50.00", "per": "deal"}}],
}  # fmt: skip
# What holds together, by the numbers of the file instead of ids.
TOGETHER = {
    "leads": """SELECT lead.external_id, ahead.external_id, contract.starts_on, referrer.number, lead.sales_user_id, lead.link_id,
                       lead.ref ~ '^[0-9A-Z]{10}$', lead.accepted_at IS NULL, (lead.answer_due_at AT TIME ZONE 'Europe/Paris')::text,
                       (SELECT array_agg((move, from_state, to_state, reason, by_user, on_day)::text ORDER BY id) FROM lead_move WHERE lead_id = lead.id),
                       (SELECT array_agg((kind, value)::text ORDER BY kind, value) FROM match_key WHERE subject_kind = 'lead' AND subject_id = lead.id),
                       (SELECT array_agg((title, subtitle, words, staff, referrer_id, path = '/recommandations/' || lead.ref)::text)
                        FROM search_row WHERE kind = 'lead' AND subject_id = lead.id),
                       (SELECT array_agg((what, actor, user_id, data - 'behind' - 'deal', before.external_id)::text ORDER BY event.id) FROM history_event event
                        LEFT JOIN lead before ON before.id = (data ->> 'behind')::bigint WHERE subject_kind = 'lead' AND subject_id = lead.id)
                FROM lead JOIN referrer ON referrer.id = lead.referrer_id LEFT JOIN contract ON contract.id = lead.contract_id
                LEFT JOIN lead ahead ON ahead.id = lead.behind_lead_id""",
    "earnings": """SELECT deal.external_id, cause, rule, clause, unit, base_cents, amount, occurred_on, due_on, steps FROM earning
                   LEFT JOIN deal ON deal.id = earning.deal_id""",
}  # fmt: skip


async def all_that_stands() -> dict[str, list[str]]:
    """But what is known of imports themselves."""
    written = {name: rows for name, rows in (await everything()).items() if not name.startswith("import")}
    written["history_event"] = [row for row in written["history_event"] if "'import" not in row]
    together = {name: sorted(map(str, map(tuple, await db.rows(sql)))) for name, sql in TOGETHER.items()}
    return written | together


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("prospects", "chunk", "plan"), [("business", 1000, EARLY), ("consumer", 7, EARLIER)]
)
async def test_a_list_ends_as_if_each_had_come_alone(
    twins, monkeypatch, prospects: str, chunk: int, plan: dict[str, object]
):
    urls, said = twins
    monkeypatch.setattr(applying, "CHUNKS", applying.CHUNKS | {"leads": chunk})
    monkeypatch.setattr(applying, "SIGNED", 10)
    engine, data, results = db.engine(), a_file(150, chunk), []
    for url, path in zip(urls, (as_a_list, one_by_one), strict=True):
        engine.point_at(url)
        await engine.start_connection_pool(min_size=1, max_size=2)
        try:
            await stands_before(said, prospects, plan)
            results.append((await path(data, said), await all_that_stands()))
        finally:
            await engine.close_connection_pool()
    (refused, listed), (refused_alone, alone) = results
    assert refused == refused_alone != set()
    for table, rows in alone.items():
        assert listed[table] == rows, table
    for what in ("waiting", "lost", "rejected", "won", "undecided"):
        assert any(f"'{what}'" in row for row in alone["lead"]), what
    assert alone["earnings"]


async def test_one_that_is_brought_twice_is_there_once(base):
    said = await options()
    await applying.import_file("referrers", "referrers.csv", REFERRERS, said, WHO)
    row = Brought(await _referrer("A0"), "L1", today(), company_name="Dupont", consent="oui")
    for rows, added in (([row, row], 1), ([row], 0), ([], 0)):
        async with deed(WHO, notify=False):
            assert await bring(rows, programme_id=said.programme_id) == added
    assert await db.value("SELECT count(*) FROM lead") == 1


async def test_nothing_of_a_list_is_received_when_one_of_it_may_not_be(base):
    said = await options()
    await applying.import_file("referrers", "referrers.csv", REFERRERS, said, WHO)
    good = Brought(await _referrer("A0"), "L1", today(), company_name="Dupont", consent="oui")
    async with deed(WHO, notify=False):
        await db.execute("UPDATE referrer SET state = 'closed' WHERE number = 'A3'")
    left = Brought(await _referrer("A3"), "L2", today(), company_name="Roux", consent="oui")
    with pytest.raises(Refused):
        async with deed(WHO, notify=False):
            await bring([good, left], programme_id=said.programme_id)
    assert await db.value("SELECT count(*) FROM lead") == 0
