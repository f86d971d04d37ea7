"""Referrers who signal an error, and what finance answers; commissions put right by hand, one of a kind."""

from dataclasses import dataclass, field

from portal.demo.cast import STAFF
from portal.demo.stage import Stage, last_working_day
from portal.demo.story import HUGO, INES, RACHEL
from portal.earnings import access_claims as access
from portal.earnings import adjusting, claims
from portal.earnings.claim_rules import Outcome
from portal.earnings.policy import Policy, set_policy
from portal.kit import db

ADMIN, FIRST, SECOND = STAFF[0].email, STAFF[3].email, STAFF[4].email
ONE_PERSON = 80_00  # cents that one person may put right alone


@dataclass(slots=True)
class Claim:
    """`steps`: what is done so many days ago, by whom, in which words; `cents`: what the answer puts right."""

    by: str
    reason: str
    steps: tuple[tuple[str, int, str, str], ...]
    outcome: Outcome = Outcome.REFUSED
    cents: int = 0
    claim_id: int = field(default=0)


@dataclass(slots=True)
class Adjustment:
    """By hand, without a claim."""

    to: str
    cents: int
    words: str
    steps: tuple[tuple[str, int, str], ...]
    adjustment_id: int = field(default=0)


def told() -> tuple[list[Claim], list[Adjustment]]:
    return (
        [one for by in (RACHEL, HUGO, INES) for one in _claims(by)],
        [
            Adjustment(HUGO, 45_00, "Remise oubliée sur la première facture.", (("adjust", 64, FIRST),)),
            Adjustment(HUGO, 150_00, "Seconde session de formation, non comptée.", (("adjust", 10, FIRST),)),
            Adjustment(INES, 210_00, "Audit prolongé de deux jours.", (("adjust", 70, FIRST), ("refuse", 62, SECOND))),
            Adjustment(RACHEL, 96_00, "Saisie deux fois.", (("adjust", 80, FIRST), ("withdraw", 73, FIRST))),
        ],
    )  # fmt: skip


def _claims(by: str) -> list[Claim]:
    return [
        Claim(by, "amount", (
            ("open_claim", 2, by, "Mon client m'a parlé d'un montant plus élevé. Pouvez-vous vérifier la base ?"),
        )),
        Claim(by, "amount", (
            ("open_claim", 15, by, "La dernière journée de formation n'apparaît pas dans le calcul."),
            ("answer", 8, FIRST, "Vous avez raison, elle avait été oubliée."),
        ), Outcome.ACCEPTED, 120_00),
        Claim(by, "date", (
            ("open_claim", 48, by, "La facture a été payée en début de mois, me semble-t-il."),
            ("answer", 42, FIRST, "Le virement est bien arrivé au jour indiqué ; nous ajoutons toutefois l'arrondi."),
        ), Outcome.PARTLY if by == HUGO else Outcome.ACCEPTED, 12_00),
        Claim(by, "amount", (
            ("open_claim", 36, by, "Le taux appliqué ne correspond pas à ce que nous avions dit."),
            ("answer", 30, FIRST, "Le barème de votre contrat prévoit bien 8 % pour une formation."),
            ("appeal", 4, by, "Je demande un second examen : l'échange date d'avant le contrat."),
        )),
    ]  # fmt: skip


def comes_up(stage: Stage) -> None:
    """Put all of it on the agenda. Colleagues have days off, referrers write when it suits them."""
    claimed, by_hand = told()
    stage.on(stage.plot.opened_on, ADMIN, one_person_up_to, hour=9)
    for claim in claimed:
        for step, ago, who, words in claim.steps:
            stage.on(_day(stage, ago, who), who, STEPS[step], claim, words, hour=14)
    for adjustment in by_hand:
        for step, ago, who in adjustment.steps:
            stage.on(_day(stage, ago, who), who, STEPS[step], adjustment, hour=15)


def _day(stage: Stage, ago: int, who: str):
    day = stage.plot.ago(ago)
    return last_working_day(day) if who in (FIRST, SECOND) else day


async def one_person_up_to(_stage: Stage) -> None:
    await set_policy(Policy(limit_cents=ONE_PERSON))


async def open_claim(stage: Stage, claim: Claim, words: str) -> None:
    """About the latest commission of which nothing was asked yet."""
    referrer_id = stage.referrers[claim.by]
    earning = await _latest(referrer_id)
    made = await claims.open_claim("earning", earning["id"], referrer_id, claim.reason, words)
    claim.claim_id = made["id"]


async def _latest(referrer_id: int) -> db.Row:
    found = await db.row(
        """SELECT id, ref FROM earning WHERE referrer_id = $1 AND amount > 0 AND cause = 'client_paid'
           AND NOT EXISTS (SELECT FROM claim WHERE earning_id = earning.id) ORDER BY id DESC LIMIT 1""",
        referrer_id,
    )
    assert found is not None
    return found


async def answer(stage: Stage, claim: Claim, words: str) -> None:
    found = await access.claim(claim.claim_id)
    target = (
        await access.target_of_earning(stage.people[FIRST], found["earning_ref"]) if claim.cents else None
    )
    await claims.answer(found, found["version"], claim.outcome, words, target, claim.cents)


async def appeal(_stage: Stage, claim: Claim, words: str) -> None:
    found = await access.claim(claim.claim_id)
    await claims.appeal(found, found["version"], words)


async def adjust(stage: Stage, adjustment: Adjustment) -> None:
    earning = await _latest(stage.referrers[adjustment.to])
    target = await access.target_of_earning(stage.people[FIRST], earning["ref"])
    adjustment.adjustment_id = (await adjusting.adjust(target, adjustment.cents, adjustment.words))["id"]


async def refuse(stage: Stage, adjustment: Adjustment) -> None:
    waiting = await access.adjustment(adjustment.adjustment_id)
    await claims.turn_down(waiting, stage.people[SECOND], "La prolongation n'a pas été facturée au client.")


async def withdraw(stage: Stage, adjustment: Adjustment) -> None:
    await claims.withdraw(await access.adjustment(adjustment.adjustment_id), stage.people[FIRST])


STEPS = {step.__name__: step for step in (open_claim, answer, appeal, adjust, refuse, withdraw)}
