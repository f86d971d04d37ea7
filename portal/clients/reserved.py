"""Reserved accounts: companies that sales deal with themselves. What is put on the list stays written with its day, so that
"déjà en discussion" can be proved; what is over is withdrawn, by another row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.clients import access, actions
from portal.clients.keys import domain_key, keys_of
from portal.history.access import record_chained
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_

ON_THE_LIST = N_("Cette entreprise est déjà sur la liste : sa date d'inscription est gardée.")
TWICE = N_("Ce compte est déjà retiré de la liste.")
UNTIL_FIRST = N_("La fin vient après le début.")

ACCOUNT = """
SELECT account.*, owner.name AS owner_name, lister.name AS listed_by_name, gone.at AS withdrawn_at, withdrawer.name AS withdrawn_by_name,
       gone.at IS NULL AND (account.until IS NULL OR account.until >= $1) AS stands
FROM reserved_account account
LEFT JOIN reserved_withdrawal gone ON gone.account_id = account.id
LEFT JOIN app_user owner ON owner.id = account.owner_id
LEFT JOIN app_user lister ON lister.id = account.listed_by
LEFT JOIN app_user withdrawer ON withdrawer.id = gone.by_user
"""
SORTS = {"name": "lower(name)", "since": "since", "listed": "listed_at"}
WHERE = {
    "q": "concat_ws(' ', name, siren, domain, owner_name, reason) ILIKE {}",
    "etat": "CASE {} WHEN 'oui' THEN stands ELSE NOT stands END",
}


@dataclass(frozen=True, slots=True)
class Account:
    """As typed or read of a list."""

    name: str
    since: date
    siren: str = ""
    domain: str = ""
    owner_id: int | None = None
    until: date | None = None
    reason: str = ""


async def reserve(account: Account) -> db.Row:
    """On the list from now on. Raises Refused when it is there already: the older date is the better proof."""
    if account.until and account.until < account.since:
        raise Refused("until_first", UNTIL_FIRST)
    if await standing(account):
        raise Refused("on_the_list", ON_THE_LIST)
    return await _write(account)


async def reserve_all(accounts: Sequence[Account]) -> tuple[int, int]:
    """A whole list at once: how many are new, how many were there and keep their day."""
    new = 0
    for account in accounts:
        if not await standing(account):
            await _write(account)
            new += 1
    return new, len(accounts) - new


async def withdraw(account: db.Row) -> None:
    """It no longer stands; that it stood stays written. Raises Refused the second time."""
    done = await db.execute(
        "INSERT INTO reserved_withdrawal (account_id, by_user, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        account["id"], current().actor.user_id, now(),
    )  # fmt: skip
    if not done:
        raise Refused("withdrawn", TWICE)
    await record_chained(_chain(account["id"]), "clients.unreserved", "reserved_account", account["id"])


async def standing(account: Account) -> db.Row | None:
    """The same company on the list, by what was given of it."""
    keys = keys_of(name=account.name, siren=account.siren, website=account.domain)
    same = await access.owners("reserved", [key for key in keys if key[0] == "siren"])
    same += await access.same_company("reserved", keys)
    return await db.row(
        """SELECT account.* FROM reserved_account account
           WHERE (id = ANY ($1) OR (siren, domain) = ($3, $4) AND id IN (
                    SELECT subject_id FROM match_key WHERE (kind, value, subject_kind) = ('name', $2, 'reserved')))
             AND NOT EXISTS (SELECT FROM reserved_withdrawal gone WHERE gone.account_id = account.id)
             AND (until IS NULL OR until >= $5)
           ORDER BY id LIMIT 1""",
        same, dict(keys).get("name", ""), account.siren, account.domain, today(),
    )  # fmt: skip


async def _write(account: Account) -> db.Row:
    account_id = await db.insert(
        "reserved_account",
        ref=(ref := new_ref()), name=account.name, siren=account.siren, domain=account.domain,
        owner_id=account.owner_id, since=account.since, until=account.until, reason=account.reason,
        listed_by=current().actor.user_id, listed_at=now(),
    )  # fmt: skip
    keys = keys_of(name=account.name, siren=account.siren, website=account.domain)
    await actions.remember_keys("reserved", account_id, keys)
    await record_chained(_chain(account_id), "clients.reserved", "reserved_account", account_id)
    return await account_by_ref(ref)


def _chain(account_id: int) -> str:
    return f"reserved:{account_id}"


def plain_domain(typed: str) -> str:
    """dupont.fr for an address, a site or a page of it; empty where many share it."""
    return domain_key(typed.rpartition("@")[2])


async def account_by_ref(ref: str) -> db.Row:
    found = await db.row(f"{ACCOUNT} WHERE account.ref = $2", today(), ref)
    if found is None:
        raise NotFound("reserved_account")
    return found


async def listed(listing: Listing) -> Listing:
    select = f"SELECT * FROM ({ACCOUNT}) account WHERE true"
    return await listing.fetch(select, today(), sorts=SORTS, then="listed_at DESC, id DESC", where=WHERE)
