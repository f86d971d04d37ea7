"""How referrers come: each step of story.PATHS and of what happens to them later, by the verbs."""

from dataclasses import replace
from datetime import timedelta

from portal.contracts import access as contract_access
from portal.contracts import actions as contracts
from portal.contracts import automatic, overrides
from portal.contracts.conditions import Conditions
from portal.contracts.signature import signing, vouching
from portal.demo import life, numbers, together
from portal.demo.cast import STAFF
from portal.demo.life import latest_contract
from portal.demo.plot import Member
from portal.demo.signing import OFFICE, sign_as
from portal.demo.stage import Act, Stage, last_working_day, working_day
from portal.demo.story import INITIAL, PATHS
from portal.kit import files
from portal.kit.days import now, today
from portal.kit.deed import current, deed
from portal.kit.pdf import render_pdf
from portal.people import actions as people
from portal.people.rules import Role
from portal.referrers import access
from portal.referrers import actions as referrers
from portal.referrers.rules import Regime, Status

ADMIN, FINANCE = STAFF[0].email, STAFF[3].email
OWN_CONDITIONS = Conditions({"limits": {"per_deal": "8000.00"}, "hold_days": 15}, priority_months=9)
AGREEMENT = "<html lang=fr><title>Accord</title><h1>Accord de l'employeur</h1><p>Nous acceptons que notre salarié recommande votre entreprise.</p></html>"


def joins(stage: Stage, member: Member) -> None:
    """Put the steps of a referrer on the agenda."""
    day = member.joined
    for hour, (step, delay) in enumerate(PATHS[member.path], 9):
        day = working_day(day + timedelta(delay))
        stage.on(day, _who(step, member), STEPS[step], member, hour=hour)
    for step, ago in member.lately:
        day = stage.plot.ago(ago)
        if step in BY:  # colleagues have days off, referrers act when it suits them
            day = last_working_day(day)
        stage.on(day, _who(step, member), STEPS[step], member, hour=8)


def _who(step: str, member: Member) -> str:
    return {"sales": member.sales, "admin": ADMIN, "finance": FINANCE, "nobody": ""}.get(
        BY.get(step, ""), member.who.email
    )


async def invite(stage: Stage, member: Member) -> None:
    made = await referrers.invite(
        member.who.email, member.who.first_name, member.who.last_name, sales_user_id=current().actor.user_id
    )
    stage.referrers[member.who.email] = made["id"]


async def open_account(stage: Stage, member: Member) -> None:
    referrer_id = stage.referrers[member.who.email]
    owner = await access.owner_of(referrer_id)
    assert owner is not None
    await people.accept(owner["id"], member.who.name, stage.password)
    await stage.welcome(member.who.email, Role.REFERRER, referrer_id)


async def fill_profile(stage: Stage, member: Member) -> None:
    who = member.who
    referrer = await access.referrer(stage.referrers[member.who.email])
    await referrers.fill_profile(
        referrer, status=who.status, vat_regime=who.vat_regime, since=member.joined, **who.profile
    )


async def move_house(stage: Stage, member: Member) -> None:
    profile = member.who.profile | {"street": f"{member.who.profile['street']}, bâtiment B"}
    await fill_profile(stage, replace(member, who=replace(member.who, profile=profile)))


async def give_bank(stage: Stage, member: Member) -> None:
    await referrers.give_bank_detail(stage.referrers[member.who.email], _holder(member), member.who.iban)


def _holder(member: Member) -> str:
    if member.key == INITIAL:
        return f"{member.who.first_name[0]}. {member.who.last_name}"
    return member.who.profile.get("company_name") or member.who.name


async def apply(stage: Stage, member: Member) -> None:
    await referrers.apply(stage.referrers[member.who.email])


async def paper_contract(stage: Stage, member: Member) -> None:
    await contracts.record_on_paper(
        stage.referrers[member.who.email], stage.programme_id, stage.plan_version_id,
        signed_on=today(), vouched_by=current().actor.user_id,
    )  # fmt: skip


async def own_invoices_contract(stage: Stage, member: Member) -> None:
    """Without the mandate to draw up invoices."""
    await contracts.record_on_paper(
        stage.referrers[member.who.email], stage.programme_id, stage.plan_version_id,
        signed_on=today(), vouched_by=current().actor.user_id, self_billing=False,
    )  # fmt: skip


async def sponsor_contract(stage: Stage, member: Member) -> None:
    await contracts.record_on_paper(
        stage.referrers[member.who.email], stage.sponsoring_id, stage.sponsoring_plan_id,
        signed_on=today(), vouched_by=current().actor.user_id,
    )  # fmt: skip


async def vouch(stage: Stage, member: Member) -> None:
    """Somebody has seen the original; its scan is kept."""
    scan = await files.keep(
        files.Store.UPLOADS, stage.scan, media_type="application/pdf", name="contrat-signe.pdf"
    )
    async with deed(stage.people[ADMIN]):
        await vouching.vouch(
            await latest_contract(stage, member), scan, f"{member.who.name}, {STAFF[0].name}"
        )


async def offer_contract(stage: Stage, member: Member) -> None:
    """Where there is more than one programme somebody chooses; with one the contract was sent by itself."""
    referrer_id = stage.referrers[member.who.email]
    if not await contract_access.living_of(referrer_id, stage.programme_id):
        await contracts.send(await automatic.draft_offer(await _offer(stage, referrer_id), referrer_id))


async def _offer(stage: Stage, referrer_id: int) -> automatic.Offer:
    """Of the programme of the house, under the plan that they draw."""
    choice = await automatic.offers(today(), referrer_id)
    return next(offer for offer in choice if offer.programme["id"] == stage.programme_id)


async def propose_conditions(stage: Stage, member: Member) -> None:
    """In the place of what was sent. Figures that both plans on trial have."""
    referrer_id = stage.referrers[member.who.email]
    offer = await _offer(stage, referrer_id)
    await overrides.propose(referrer_id, stage.programme_id, offer.plan["id"], today(), OWN_CONDITIONS)


async def agree_to_conditions(stage: Stage, member: Member) -> None:
    drafted = (await contract_access.contracts_for_staff(stage.referrers[member.who.email]))[0]
    await overrides.approve(drafted, stage.people[FINANCE])


async def sign_contract(stage: Stage, member: Member) -> None:
    await sign_as(stage, await latest_contract(stage, member), stage.people[member.who.email])


async def countersign(stage: Stage, member: Member) -> None:
    await signing.countersign(await latest_contract(stage, member), stage.people[ADMIN], OFFICE)


async def refuse_contract(stage: Stage, member: Member) -> None:
    why = "Je préfère vous recommander sans contrepartie."
    await signing.refuse(await latest_contract(stage, member), stage.people[member.who.email], why)


async def employer_agrees(stage: Stage, member: Member) -> None:
    kept = await files.keep(
        files.Store.UPLOADS, stage.agreement, media_type="application/pdf", name="accord-employeur.pdf"
    )
    async with deed(stage.people[member.who.email]):
        referrer = await access.referrer(stage.referrers[member.who.email])
        await referrers.keep_employer_consent(referrer, kept)


async def cross_the_threshold(stage: Stage, member: Member) -> None:
    """VAT from now on, and no number of it yet: papers wait."""
    await referrers.record_standing(
        stage.referrers[member.who.email], today(), Status.MICRO, Regime.STANDARD, "profile"
    )


async def regime_unclear(stage: Stage, member: Member) -> None:
    await referrers.record_standing(
        stage.referrers[member.who.email], today(), member.who.status, Regime.MISSING, "staff"
    )


async def change_bank(stage: Stage, member: Member) -> None:
    await referrers.give_bank_detail(
        stage.referrers[member.who.email], _holder(member), numbers.iban(5_000 + member.place)
    )


async def change_bank_by_code(stage: Stage, member: Member) -> None:
    iban = numbers.iban(5_000 + member.place)
    await referrers.give_bank_detail(stage.referrers[member.who.email], _holder(member), iban, by_code=True)


async def call_off_bank(stage: Stage, member: Member) -> None:
    """It was not theirs: finance called back."""
    waiting = await access.waiting_bank_detail(stage.referrers[member.who.email])
    assert waiting is not None
    await referrers.call_off_bank_detail(waiting)


STEPS: dict[str, Act] = {
    step.__name__: step
    for step in (
        invite, open_account, fill_profile, give_bank, apply, offer_contract, paper_contract, own_invoices_contract, sponsor_contract,
        propose_conditions, agree_to_conditions, sign_contract, countersign,
        refuse_contract, employer_agrees, cross_the_threshold, regime_unclear, change_bank, change_bank_by_code, call_off_bank,
        move_house, vouch,
    )
} | life.STEPS | together.STEPS  # fmt: skip
# Who does it: else the referrer. An act by nobody opens its own deeds.
BY = {
    "invite": "sales", "offer_contract": "sales", "propose_conditions": "sales", "agree_to_conditions": "finance",
    "paper_contract": "admin", "own_invoices_contract": "admin", "sponsor_contract": "admin", "countersign": "admin", "sign_contract": "nobody", "vouch": "nobody",
    "employer_agrees": "nobody", "regime_unclear": "sales", "call_off_bank": "finance", **life.BY, **together.BY,
}  # fmt: skip


def agreement() -> bytes:
    return render_pdf(AGREEMENT, created=now(), identifier=bytes(16))
