"""Contracts that take more than two: a second who signs for a company, an employer who agrees."""

from portal.contracts.signature import signatories
from portal.demo.life import latest_contract
from portal.demo.plot import Member
from portal.demo.signing import OFFICE, sign_as
from portal.demo.stage import Act, Stage
from portal.kit.days import now
from portal.kit.deed import deed
from portal.people import actions as people
from portal.people.rules import Person, Role, Seat
from portal.referrers import access
from portal.referrers.joining import employing
from portal.referrers.joining.partner_employee import Gate

SECOND, AS_WHOM = "Solenn Riallain", "directrice générale"
EMPLOYER = "Thierry Gauvrit"
GATES = {
    Gate.JOB: "yes", Gate.TRADE: "yes", Gate.PROFESSION: "no", Gate.GROUP: "no", Gate.PUBLIC: "no", Gate.PAYEE: "myself",
}  # fmt: skip


async def name_second(stage: Stage, member: Member) -> None:
    """From now on two sign for their company."""
    referrer = await access.referrer(stage.referrers[member.who.email])
    user = await people.give_seat(_second(member), SECOND, referrer["id"], Seat.MEMBER)
    await people.accept(user["id"], SECOND, stage.password)
    await signatories.authorise(referrer, member.who.status, {user["id"]: AS_WHOM}, 2)
    stage.people[_second(member)] = Person(
        user["id"], SECOND, user["email"], "fr", frozenset({Role.REFERRER}), referrer["id"], Seat.MEMBER
    )


def _second(member: Member) -> str:
    return f"direction.{member.who.email}"


async def sign_second(stage: Stage, member: Member) -> None:
    await sign_as(stage, await latest_contract(stage, member), stage.people[_second(member)])


async def pass_gates(stage: Stage, member: Member) -> None:
    """An employee of a partner answers, and reads what the employer will be told."""
    referrer_id, profile = stage.referrers[member.who.email], member.who.profile
    for gate, answer in GATES.items():
        await employing.answer(referrer_id, gate, answer)
    referrer = await access.referrer(referrer_id)
    await employing.name_employer(
        referrer, name=profile["employer_name"], siren=profile["employer_siren"], contact=EMPLOYER,
        email=f"rh.{member.who.email}",
    )  # fmt: skip
    await employing.agree(referrer, employing.told(await employing.sample(referrer, customary=True)))


async def employer_consents(stage: Stage, member: Member) -> None:
    """By the link that was mailed to them."""
    consent = await employing.latest_consent(stage.referrers[member.who.email])
    assert consent is not None
    given = {"signer": EMPLOYER, "capacity": "gérant", "address": OFFICE.address, "agent": OFFICE.agent}
    proof = await employing.proof_of(consent, **given)
    async with deed(stage.actor(consent["email"]), notify=stage.is_loud(now())):
        await employing.give(consent, proof, **given)


STEPS: dict[str, Act] = {
    step.__name__: step for step in (name_second, sign_second, pass_gates, employer_consents)
}
BY = {"sign_second": "nobody", "employer_consents": "nobody"}
