"""Two files of the same person: one joins the other. Its rows keep their number and their ids; what is owed is owed to
the one that stays. There is no way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.ledger.posting import post
from portal.ledger.recipes import referrer_merged
from portal.ledger.rules import Unit
from portal.people import actions as people
from portal.people import approvals
from portal.people.access import users_of_referrer
from portal.people.rules import Person, Seat
from portal.referrers import access, actions
from portal.referrers.rules import LIVING, BankState, ReferrerState
from portal.search import access as search

WHAT = "referrers.merge"
ON_THE_WAY = ("invoiced", "vat_invoiced", "in_transit", "vat_in_transit", "owes", "vat_owes")
OBSTACLES = {
    "same": N_("C'est la même fiche."),
    "merged": N_("Une des deux fiches a déjà rejoint une autre."),
    "entity": N_("Les deux fiches dépendent de sociétés différentes."),
    "standing": N_("Les deux fiches n'ont pas le même statut ou le même régime de TVA : corrigez d'abord celle qui se trompe."),
    "contracts": N_("Les deux ont un contrat en cours dans le même programme : mettez d'abord fin à l'un des deux."),
    "run": N_("Un règlement est en cours pour l'une des deux : attendez qu'il soit terminé."),
    "papers": N_("Un papier de la fiche qui disparaît attend son virement, ou une somme reste à déduire : réglez-les d'abord."),
    "bank": N_("Un changement de compte bancaire attend : confirmez-le ou annulez-le d'abord."),
}  # fmt: skip
BOTH = """
SELECT contract.programme_id FROM contract WHERE contract.referrer_id = ANY ($1::bigint[])
  AND contract.state IN ('sent', 'signed', 'in_force', 'suspended')
GROUP BY contract.programme_id HAVING count(DISTINCT contract.referrer_id) > 1
"""
IN_A_RUN = """
SELECT 1 FROM payout_line line JOIN payout_run run ON run.id = line.run_id
WHERE line.referrer_id = ANY ($1::bigint[]) AND line.state IN ('drafted', 'sent')
"""
BALANCES = """
SELECT account.role, account.unit::text AS unit, balance.balance FROM ledger_account account
JOIN ledger_balance balance ON balance.account_id = account.id
WHERE account.referrer_id = $1 AND balance.balance <> 0 ORDER BY account.role
"""
# Its contract goes on: whoever stays is under contract too, and is paid what was earned under it.
STANDS_IN = """
UPDATE referrer stays SET state = joins.state FROM referrer joins
WHERE joins.id = $1 AND stays.id = $2 AND joins.state IN ('active', 'suspended') AND stays.state NOT IN ('active', 'suspended')
"""
FOLLOWS = """
SELECT (SELECT count(*) FROM lead WHERE referrer_id = $1) AS leads, (SELECT count(*) FROM contract WHERE referrer_id = $1) AS contracts,
       (SELECT count(*) FROM earning WHERE referrer_id = $1) AS earnings, (SELECT count(*) FROM invoice WHERE referrer_id = $1) AS papers
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen: `balances` by unit and role, `+` debit; `follows` counts what keeps its number."""

    joins: db.Row
    stays: db.Row
    obstacles: list[str]
    balances: Mapping[Unit, Mapping[str, int]]
    follows: Mapping[str, int]

    @property
    def moves_money(self) -> bool:
        return bool(self.balances)

    @property
    def digest(self) -> bytes:
        """Of what was shown: another balance, another survivor, and a second person's yes is void."""
        said: dict[str, Any] = {
            "joins": self.joins["id"],
            "stays": self.stays["id"],
            "balances": self.balances,
        }
        return approvals.digest_of(said)


async def plan(joins: db.Row, stays: db.Row) -> Plan:
    balances: dict[Unit, dict[str, int]] = {}
    for row in await db.rows(BALANCES, joins["id"]):
        balances.setdefault(row["unit"], {})[row["role"]] = row["balance"]
    follows = await db.row(FOLLOWS, joins["id"])
    return Plan(joins, stays, await _obstacles(joins, stays, balances), balances, dict(follows or {}))


async def _obstacles(joins: db.Row, stays: db.Row, balances: Mapping[Unit, Mapping[str, int]]) -> list[str]:
    both, euros = [joins["id"], stays["id"]], balances.get("EUR_CENT", {})
    standings = [await access.standing_on(one, today()) for one in both]
    living = [detail for one in both for detail in await access.living_bank_details(one)]
    found = {
        "same": joins["id"] == stays["id"],
        "merged": ReferrerState.MERGED in (joins["state"], stays["state"]),
        "entity": joins["legal_entity_id"] != stays["legal_entity_id"],
        "standing": None not in standings and standings[0] != standings[1],
        "contracts": bool(await db.rows(BOTH, both)),
        "run": bool(await db.rows(IN_A_RUN, both)),
        "papers": any(euros.get(role) for role in ON_THE_WAY),
        "bank": any(detail["state"] != BankState.USABLE for detail in living),
    }
    return [code for code, stands in found.items() if stands]


async def merge(wanted: Plan, person: Person) -> bool:
    """At once, or, when money moves, once a second administrator has asked for exactly the same; whether it was done."""
    if wanted.obstacles:
        raise Refused(f"merge_{wanted.obstacles[0]}", OBSTACLES[wanted.obstacles[0]])
    if wanted.moves_money and not await _approved(wanted, person):
        return False
    await _join(wanted)
    return True


async def _approved(wanted: Plan, person: Person) -> bool:
    last = await approvals.latest(WHAT, "referrer", wanted.joins["id"])
    if last is None or last["state"] != approvals.ApprovalState.WAITING:
        await approvals.ask(WHAT, "referrer", wanted.joins["id"], wanted.digest)
        return False
    await approvals.decide(last, person, wanted.digest)
    return True


async def _join(wanted: Plan) -> None:
    joins, stays = wanted.joins, wanted.stays
    both = sorted((joins["id"], stays["id"]))
    await db.rows("SELECT 1 FROM referrer WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", both)
    fresh = await plan(await access.referrer(joins["id"]), await access.referrer(stays["id"]))
    if fresh.digest != wanted.digest or fresh.obstacles:
        raise Refused("merge_changed", approvals.CHANGED)
    await db.execute(STANDS_IN, joins["id"], stays["id"])
    await db.execute(
        "UPDATE referrer SET state = 'merged', alias_of = $2, version = version + 1 WHERE id = $1",
        joins["id"],
        stays["id"],
    )
    await db.execute("UPDATE referrer SET alias_of = $2 WHERE alias_of = $1", joins["id"], stays["id"])
    for unit, balances in wanted.balances.items():
        await post(
            [referrer_merged(joins["legal_entity_id"], joins["id"], stays["id"], balances, today(), unit)]
        )
    await _seats(joins["id"], stays["id"])
    await _close_accounts(joins["id"])
    await search.forget("referrer", joins["id"])
    await actions.make_findable(stays["id"])
    for one in both:
        await record("referrers.merged", "referrer", one, joins=joins["id"], stays=stays["id"])


async def _seats(joins_id: int, stays_id: int) -> None:
    """Whoever sat there sits here: an owner as a member, unless nobody owns this one yet."""
    here = {user["id"]: user["seat"] for user in await users_of_referrer(stays_id)}
    for user in await users_of_referrer(joins_id):
        seat = Seat(user["seat"])
        if seat is Seat.OWNER and Seat.OWNER in here.values():
            seat = Seat.MEMBER
        if user["id"] not in here:
            await people.give_seat(user["email"], user["name"], stays_id, seat, language=user["language"])
            here[user["id"]] = seat
        await people.end_seat(user["id"], joins_id)


async def _close_accounts(joins_id: int) -> None:
    """Money goes to the account that the remaining file knows; one that nobody gave there is given there anew."""
    await db.execute(
        "UPDATE bank_detail SET state = 'replaced', replaced_at = $2 WHERE referrer_id = $1 AND state = ANY ($3)",
        joins_id, now(), LIVING,
    )  # fmt: skip
