"""The only doors to the pages of programmes, applications, invitation links and lists."""

from collections.abc import Sequence
from datetime import date

from portal.company import access as company
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.keyring import ring
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.kit.references import read_ref
from portal.law import etnc
from portal.people.sessions import digest
from portal.referrers.joining.eligibility import House, Terms

GROUP = "referrers.own_group"  # an option of the company: SIREN numbers and domains of addresses
BLIND = "application.email"
PAGE = """
SELECT application_page.*, programme.ref AS programme_ref, programme.name AS programme, programme.words, programme.priority_months,
       programme.answer_days,
       (SELECT count(*) FROM application WHERE programme_id = programme.id AND state = 'accepted') AS accepted
FROM application_page JOIN programme ON programme.id = application_page.programme_id
"""
STANDS = "programme.starts_on <= $2 AND (programme.ends_on IS NULL OR programme.ends_on > $2)"


async def page_at(key: str) -> db.Row:
    """By its short name or the reference of its programme, while the programme takes in new contracts."""
    found = await db.row(f"{PAGE} WHERE (slug = $1 OR programme.ref = $1) AND {STANDS}", key, today())
    if found is None:
        raise NotFound("application page")
    return found


async def page_of(programme_id: int) -> db.Row | None:
    return await db.row(f"{PAGE} WHERE programme.id = $1", programme_id)


def terms_of(page: db.Row) -> Terms:
    return Terms(
        page["opened"], tuple(page["statuses"]), tuple(page["countries"]), page["invited_only"], page["most"],
        page["automatic"],
    )  # fmt: skip


async def house() -> House:
    """The company as the rules see it today."""
    return House(frozenset((await own_group())["domains"]), await blocked_countries(today()))


async def blocked_countries(day: date) -> frozenset[str]:
    listed = (await company.figures()).at(etnc.COUNTRIES, day).value
    assert isinstance(listed, tuple)
    return frozenset(listed)


async def own_group() -> dict[str, list[str]]:
    """SIREN numbers of the group, the company's own first, and the domains of its colleagues' addresses."""
    typed = await company.option(GROUP, {"sirens": [], "domains": []})
    entity = await company.legal_entity()
    own = [entity["siren"]] if entity and entity["siren"] else []
    return {"sirens": [*own, *typed["sirens"]], "domains": list(typed["domains"])}


# -- applications

APPLICATION = """
SELECT application.*, programme.name AS programme, programme.ref AS programme_ref, programme.words AS programme_words,
       link.name AS link_name, decider.name AS decider_name, referrer.ref AS referrer_ref, referrer.number AS referrer_number,
       (SELECT min(earlier.decided_at) FROM application earlier WHERE earlier.email_blind = application.email_blind
          AND earlier.state = 'turned_away' AND earlier.id <> application.id) AS tried_before
FROM application JOIN programme ON programme.id = application.programme_id
LEFT JOIN invitation_link link ON link.id = application.link_id
LEFT JOIN app_user decider ON decider.id = application.decided_by
LEFT JOIN referrer ON referrer.id = application.referrer_id
"""
SORTS = {
    "name": "lower(application.last_name)", "programme": "programme.name", "state": "application.state",
    "at": "application.submitted_at",
}  # fmt: skip
WHERE = {
    "q": "concat_ws(' ', application.first_name, application.last_name, application.email) ILIKE {}",
    "etat": "application.state = {}",
    "programme": "programme.ref = {}",
}


def blind_of(email: str) -> bytes:
    return ring().blind(email.strip().lower(), BLIND)


async def application(application_id: int) -> db.Row:
    found = await db.row(f"{APPLICATION} WHERE application.id = $1", application_id)
    assert found is not None
    return found


async def application_by_ref(ref: str) -> db.Row:
    found = await db.row(f"{APPLICATION} WHERE application.ref = $1", ref)
    if found is None:
        raise NotFound("application")
    return found


async def application_by_token(token: str) -> db.Row | None:
    """Whose link this is while it confirms something, or confirmed it already."""
    return await db.row(f"{APPLICATION} WHERE application.token_sha256 = $1", digest(token))


async def applications(listing: Listing) -> Listing:
    return await listing.fetch(
        f"{APPLICATION} WHERE application.state <> 'lapsed'", sorts=SORTS, then="application.id DESC", where=WHERE
    )  # fmt: skip


async def open_application(programme_id: int, blind: bytes) -> db.Row | None:
    return await db.row(
        "SELECT * FROM application WHERE programme_id = $1 AND email_blind = $2 AND state IN ('submitted', 'waiting')",
        programme_id, blind,
    )  # fmt: skip


async def days_kept(code: str) -> int:
    return (await company.figures()).whole(code, today())


TRACE, PERSONAL = "retention.application_trace_days", "retention.refused_application_days"
# -- invitation links and lists

LINK = """
SELECT invitation_link.*, programme.name AS programme, programme.ref AS programme_ref, page.slug, sales.name AS sales_name,
       (SELECT count(*) FROM application WHERE link_id = invitation_link.id AND state <> 'lapsed') AS asked,
       (SELECT count(*) FROM application JOIN referrer ON referrer.id = application.referrer_id
          WHERE link_id = invitation_link.id AND referrer.state = 'active') AS active
FROM invitation_link JOIN programme ON programme.id = invitation_link.programme_id
LEFT JOIN application_page page ON page.programme_id = programme.id
LEFT JOIN app_user sales ON sales.id = invitation_link.sales_user_id
"""
LINK_SORTS = {"name": "lower(invitation_link.name)", "programme": "programme.name", "used": "used", "expires": "expires_at"}  # fmt: skip


async def links(listing: Listing) -> Listing:
    return await listing.fetch(f"{LINK} WHERE true", sorts=LINK_SORTS, then="invitation_link.id DESC")


async def link_by_ref(ref: str) -> db.Row:
    found = await db.row(f"{LINK} WHERE invitation_link.ref = $1", ref)
    if found is None:
        raise NotFound("link")
    return found


async def open_link(code: str, programme_id: int) -> db.Row | None:
    """As it was scanned or typed; none when it is over, revoked, used up or of another programme."""
    return await db.row(
        """SELECT * FROM invitation_link WHERE ref = $1 AND programme_id = $2 AND revoked_at IS NULL AND expires_at > $3
             AND (most IS NULL OR used < most)""",
        read_ref(code)[:20], programme_id, now(),
    )  # fmt: skip


PEOPLE_OF_LINK = f"{APPLICATION} WHERE application.link_id = $1 AND application.state <> 'lapsed' ORDER BY application.id DESC LIMIT 200"


async def people_of_link(link_id: int) -> list[db.Row]:
    return await db.rows(PEOPLE_OF_LINK, link_id)


LIST = """
SELECT invitation_list.*, programme.name AS programme, sales.name AS sales_name,
       (SELECT count(*) FROM invitation_line WHERE list_id = invitation_list.id) AS lines,
       (SELECT count(*) FROM invitation_line WHERE list_id = invitation_list.id AND state = 'ready') AS ready,
       (SELECT count(*) FROM invitation_line WHERE list_id = invitation_list.id AND state = 'faulty') AS faulty,
       (SELECT count(*) FROM invitation_line WHERE list_id = invitation_list.id AND state = 'invited') AS invited
FROM invitation_list LEFT JOIN programme ON programme.id = invitation_list.programme_id
LEFT JOIN app_user sales ON sales.id = invitation_list.sales_user_id
"""
LIST_SORTS = {"name": "lower(invitation_list.name)", "at": "invitation_list.at"}


async def lists(listing: Listing) -> Listing:
    return await listing.fetch(f"{LIST} WHERE true", sorts=LIST_SORTS, then="invitation_list.id DESC")


async def list_by_ref(ref: str) -> db.Row:
    found = await db.row(f"{LIST} WHERE invitation_list.ref = $1", ref)
    if found is None:
        raise NotFound("list")
    return found


LINE = """
SELECT invitation_line.*, referrer.ref AS referrer_ref, referrer.number, referrer.state AS referrer_state,
       EXISTS (SELECT FROM membership JOIN app_user ON app_user.id = membership.user_id
         WHERE membership.referrer_id = referrer.id AND app_user.state = 'active') AS opened
FROM invitation_line LEFT JOIN referrer ON referrer.id = invitation_line.referrer_id
"""
LINE_SORTS = {
    "line": "invitation_line.line",
    "email": "invitation_line.email",
    "state": "invitation_line.state",
}
LINE_WHERE = {"etat": "invitation_line.state = {}", "q": "concat_ws(' ', invitation_line.email, invitation_line.first_name, invitation_line.last_name) ILIKE {}"}  # fmt: skip


async def lines(list_id: int, listing: Listing) -> Listing:
    return await listing.fetch(
        f"{LINE} WHERE list_id = $1", list_id, sorts=LINE_SORTS, then="invitation_line.line, invitation_line.id",
        where=LINE_WHERE,
    )  # fmt: skip


async def line_by_ref(list_id: int, ref: str) -> db.Row:
    found = await db.row(f"{LINE} WHERE list_id = $1 AND invitation_line.ref = $2", list_id, ref)
    if found is None:
        raise NotFound("line")
    return found


async def origin_of(referrer_id: int) -> db.Row | None:
    return await db.row("SELECT * FROM referrer_origin WHERE referrer_id = $1", referrer_id)


async def known_addresses(emails: Sequence[str]) -> dict[str, str]:
    """Which of these addresses are here already, and as what: 'referrer' or 'colleague'."""
    found = await db.rows(
        """SELECT lower(email) AS email, 'referrer' AS who FROM referrer WHERE state <> 'merged' AND lower(email) = ANY ($1)
           UNION ALL
           SELECT app_user.email, CASE WHEN membership.role = 'referrer' THEN 'referrer' ELSE 'colleague' END
           FROM app_user JOIN membership ON membership.user_id = app_user.id AND membership.ended_at IS NULL
           WHERE app_user.email = ANY ($1) AND (membership.role <> 'referrer' OR membership.seat = 'owner')""",
        list(emails),
    )
    return {row["email"]: row["who"] for row in sorted(found, key=lambda row: row["who"], reverse=True)}
