"""Before a run goes out: each is still to be paid by this rail, there, and nobody else in their place."""

from collections.abc import Callable, Sequence

from portal.kit import db
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.payouts.candidate_rules import Way
from portal.payouts.shares.rules import shares_of
from portal.payouts.waiting import ways_of

Test = Callable[[db.Row, Way], bool]


def another_is_paid(line: db.Row, way: Way) -> bool:
    """What this line gives a payee does not use up their ceiling before it."""
    own = {share["payee_id"]: share["amount_cents"] for share in line["shares"]}
    payees = [{**payee, "had_cents": payee["had_cents"] - own.get(payee["id"], 0)} for payee in way.payees]
    wanted = [
        (one.payee["id"] if one.payee else None, one.cents) for one in shares_of(line["total_cents"], payees)
    ]
    return wanted != [(share["payee_id"], share["amount_cents"]) for share in line["shares"]]


def by_another_rail(line: db.Row, way: Way) -> bool:
    return way.rail != line["rail"]


def elsewhere(line: db.Row, way: Way) -> bool:
    if line["shares"] and all(share["payee_id"] for share in line["shares"]):
        return False
    bank = way.where.bank["id"] if way.where.bank else None
    return bool(way.where.block) or (bank, way.where.destination) != (
        line["bank_detail_id"],
        line["destination"],
    )


def held(line: db.Row, way: Way) -> bool:
    return way.held and line["bank_detail_id"] is not None


# The first that holds of anybody stops the run.
STOPS: tuple[tuple[str, Test, str], ...] = (
    ("payee", another_is_paid, N_("Qui est payé a changé pour %(who)s. Annulez, puis préparez à nouveau.")),
    ("rail_changed", by_another_rail, N_("%(who)s : ce moyen de paiement n'est plus le bon. Annulez, puis préparez à nouveau.")),
    ("iban_changed", elsewhere, N_("L'IBAN a changé depuis la préparation : %(who)s. Annulez, puis préparez à nouveau.")),
    ("holder", held, N_("Le titulaire du compte est à vérifier : %(who)s.")),
)  # fmt: skip


CONTESTED = N_("%(numbers)s : contestée depuis la préparation. Préparez à nouveau sans elle.")


async def contested_in(run_id: int) -> list[str]:
    """Numbers of the papers of a run that were contested since it was prepared."""
    found = await db.rows(
        """SELECT invoice.number FROM payout_line line
           JOIN payout_invoice part ON part.line_id = line.id AND NOT part.released JOIN invoice ON invoice.id = part.invoice_id
           JOIN LATERAL (SELECT state FROM invoice_acceptance WHERE invoice_id = invoice.id ORDER BY id DESC LIMIT 1) said
             ON said.state = 'contested'
           WHERE line.run_id = $1 AND line.state = 'drafted' ORDER BY invoice.id""",
        run_id,
    )
    return [row["number"] for row in found]


async def refuse_contested(run_id: int) -> None:
    if numbers := await contested_in(run_id):
        raise Refused("contested", CONTESTED, numbers=", ".join(numbers))


async def check_still_stands(lines: Sequence[db.Row]) -> None:
    ways, _threshold = await ways_of([line["referrer_id"] for line in lines])
    for code, holds, sentence in STOPS:
        found = [line["referrer_name"] for line in lines if holds(line, ways[line["referrer_id"]])]
        if found:
            raise Refused(code, sentence, who=", ".join(found))
