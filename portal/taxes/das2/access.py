"""The only doors to what a year's declaration is made of, and to the files that were drawn."""

from collections.abc import AsyncIterator
from datetime import date

from portal.company import access as company
from portal.kit import db, files
from portal.kit.listing import Listing
from portal.kit.money import Cents
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role
from portal.referrers.access import NAME
from portal.taxes.access import DECISION, SUMMED
from portal.taxes.das2.rules import ASKED_OF_THEM, Declaree, Lack, Law, Route, judged, law_of

FINANCE = (Role.FINANCE, Role.ADMIN)
# One row a person, who they are today: what the file names is who they have become.
PEOPLE = f"""
SELECT referrer.id, referrer.ref, referrer.number, {NAME} AS name, referrer.first_name, referrer.last_name, referrer.company_name,
       referrer.siret, referrer.street, referrer.postcode, referrer.city, referrer.country, born.born_on, decision.declared, sums.*
FROM ({SUMMED}) sums JOIN referrer ON referrer.id = sums.referrer_id LEFT JOIN birth_date born ON born.referrer_id = referrer.id {DECISION}
"""
READ_AT_ONCE = 250


def span(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


async def each_above(entity_id: int, year: int, cents: Cents) -> AsyncIterator[db.Row]:
    """Everybody above this sum, by number; one statement, so that all are of one moment, read a little at a time."""
    sql = f"{PEOPLE} WHERE sums.total_cents > $4 ORDER BY referrer.number"
    async with db.held() as line, line.transaction():
        async for row in line.cursor(sql, entity_id, *span(year), cents, prefetch=READ_AT_ONCE):
            yield row


async def declarees(entity_id: int, year: int, law: Law, cents: Cents | None = None) -> list[Declaree]:
    """Above the threshold, or above a lower sum."""
    above = law.threshold if cents is None else cents
    return [judged(row, law) async for row in each_above(entity_id, year, above)]


async def declaree_for(entity_id: int, year: int, ref: str) -> Declaree:
    """Whoever was paid or given something in the year."""
    found = await db.row(f"{PEOPLE} WHERE referrer.ref = $4", entity_id, *span(year), ref)
    if found is None:
        raise NotFound("beneficiary")
    return judged(found, law_of(year, await company.figures()))


async def lacking(entity_id: int, year: int) -> list[Declaree]:
    """Whom the year still waits for: finance has to decide, or they have to complete their profile."""
    law = law_of(year, await company.figures())
    return [
        who
        for who in await declarees(entity_id, year, law)
        if who.route is Route.WAITS or (who.route is Route.ONLINE and asked_of(who))
    ]


def asked_of(who: Declaree) -> list[Lack]:
    """What they alone can give."""
    return [lack for lack in who.lacks if lack in ASKED_OF_THEM]


async def last_asked(entity_id: int, year: int) -> dict[int, db.Row]:
    """By referrer."""
    found = await db.rows(
        """SELECT DISTINCT ON (referrer_id) referrer_id, asked_at, lacks FROM das2_asking
           WHERE legal_entity_id = $1 AND year = $2 ORDER BY referrer_id, id DESC""",
        entity_id, year,
    )  # fmt: skip
    return {row["referrer_id"]: row for row in found}


async def decisions(entity_id: int, year: int, referrer_id: int) -> list[db.Row]:
    """The last first."""
    return await db.rows(
        """SELECT decision.*, app_user.name AS who FROM das2_decision decision LEFT JOIN app_user ON app_user.id = decision.by_user
           WHERE legal_entity_id = $1 AND year = $2 AND referrer_id = $3 ORDER BY decision.id DESC""",
        entity_id, year, referrer_id,
    )  # fmt: skip


async def birth_date_of(referrer_id: int) -> date | None:
    return await db.value("SELECT born_on FROM birth_date WHERE referrer_id = $1", referrer_id)


# Files that were drawn

RUN = """
SELECT run.*, filing.filed_on, filing.receipt, drawer.name AS drawn_by, before.turn AS rectifies_turn, before.ref AS rectifies_ref,
       entity.siren, entity.name AS company_name, plain.ref AS plain_ref, packed.ref AS packed_ref, packed.name AS packed_name,
       trial.ref AS trial_ref
FROM das2_run run
JOIN legal_entity entity ON entity.id = run.legal_entity_id
LEFT JOIN das2_filing filing ON filing.run_id = run.id
LEFT JOIN das2_run before ON before.id = run.rectifies_id
LEFT JOIN app_user drawer ON drawer.id = run.by_user
LEFT JOIN LATERAL (SELECT ref FROM stored_file WHERE subject_kind = 'das2_plain' AND subject_id = run.id ORDER BY id LIMIT 1) plain ON true
LEFT JOIN LATERAL (SELECT ref, name FROM stored_file WHERE subject_kind = 'das2_packed' AND subject_id = run.id ORDER BY id LIMIT 1) packed ON true
LEFT JOIN LATERAL (SELECT ref FROM stored_file WHERE subject_kind = 'das2_trial' AND subject_id = run.id ORDER BY id LIMIT 1) trial ON true
"""


async def runs(entity_id: int, year: int) -> list[db.Row]:
    """The last first."""
    return await db.rows(
        f"{RUN} WHERE run.legal_entity_id = $1 AND run.year = $2 ORDER BY run.turn DESC", entity_id, year
    )


async def run(run_id: int) -> db.Row:
    found = await db.row(f"{RUN} WHERE run.id = $1", run_id)
    if found is None:
        raise NotFound("das2_run")
    return found


async def run_for(person: Person, ref: str) -> db.Row:
    found = await db.row(f"{RUN} WHERE run.ref = $1 AND $2", ref, person.may(*FINANCE))
    if found is None:
        raise NotFound("das2_run")
    return found


async def last_run(entity_id: int, year: int) -> db.Row | None:
    return await db.row(
        f"{RUN} WHERE run.legal_entity_id = $1 AND run.year = $2 ORDER BY run.turn DESC LIMIT 1",
        entity_id,
        year,
    )


async def last_filed(entity_id: int, year: int) -> int | None:
    return await db.value(
        """SELECT run.id FROM das2_run run JOIN das2_filing filing ON filing.run_id = run.id
           WHERE run.legal_entity_id = $1 AND run.year = $2 ORDER BY run.turn DESC LIMIT 1""",
        entity_id, year,
    )  # fmt: skip


async def written_lines(run_id: int) -> dict[int, db.Row]:
    """By referrer: those of the file and of the form online, as they were declared, with the name they have now."""
    found = await db.rows(
        f"""SELECT line.referrer_id, line.status, line.route, line.commission_cents, line.benefit_cents, line.withheld_cents,
                   line.record_sha256, referrer.ref, {NAME} AS name
            FROM das2_line line JOIN referrer ON referrer.id = line.referrer_id WHERE line.run_id = $1 AND line.route <> 'left_out'""",
        run_id,
    )
    return {row["referrer_id"]: row for row in found}


LINES = f"""
SELECT line.*, line.commission_cents + line.benefit_cents AS total_cents, referrer.ref, referrer.number, {NAME} AS name,
       referrer.siret, referrer.street, referrer.postcode, referrer.city, referrer.country
FROM das2_line line JOIN referrer ON referrer.id = line.referrer_id WHERE line.run_id = $1
"""
SORTS = {
    "name": f"lower({NAME})",
    "number": "referrer.number",
    "amount": "line.commission_cents + line.benefit_cents",
}
WHERE = {
    "q": f"concat_ws(' ', {NAME}, referrer.number, referrer.siret) ILIKE {{}}",
    "voie": "line.route = {}",
}


async def online_lines(run_id: int) -> list[db.Row]:
    """Whom the file cannot take."""
    return await db.rows(f"{LINES} AND line.route = 'online' ORDER BY line.position", run_id)


async def lines_page(listing: Listing, run_id: int) -> Listing:
    return await listing.fetch(LINES, run_id, sorts=SORTS, then="line.position", where=WHERE)


async def _opens(person: Person, run_id: int) -> object:
    return await run_for(person, (await run(run_id))["ref"])


for kind in ("das2_plain", "das2_packed", "das2_trial"):
    files.door(kind)(_opens)
