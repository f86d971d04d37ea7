"""Who may sign: whom the contract names; two together where they must; nobody for somebody else, nobody twice."""

import asyncio
from dataclasses import replace

import pytest

from portal.contracts import access
from portal.contracts import actions as contracts
from portal.contracts.signature import signatories, signing
from portal.history.access import broken_chains
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, Refused
from portal.people import actions as people
from portal.people.rules import Person, Role, Seat, Seeing
from portal.referrers import access as referrers
from portal.referrers.rules import Status
from tests.cast import Cast, Member
from tests.contracts.stories import HERE, code_for, colleague_of, in_force, open_programme, sign
from tests.contracts.test_copy import words_of

CAPACITY = "cogérante"


async def two_sign(cast: Cast) -> Member:
    """Rémi's company binds itself by two signatures: his, and that of Colette."""
    colette = await colleague_of(cast.remi, Seat.MEMBER)
    await authorise(cast, {cast.remi.user_id: "gérant", colette.user_id: CAPACITY}, 2)
    return colette


async def authorise(
    cast: Cast, signs: dict[int, str], needed: int, who: Member | None = None, status: Status = Status.COMPANY
) -> None:
    who = who or cast.remi
    async with deed(who.person):
        referrer = await referrers.referrer(who.referrer_id)
        await signatories.authorise(referrer, status, signs, needed)


async def sent_to(cast: Cast, who: Member) -> db.Row:
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.sam.person):
        return await contracts.send(await contracts.draft(who.referrer_id, programme_id, version_id))


async def signs(contract: db.Row, who: Member) -> db.Row:
    return await sign(contract, who.person, await code_for(contract, who.person))


async def countersigns(contract: db.Row, person: Person) -> db.Row:
    async with deed(person):
        return await signing.countersign(contract, person, HERE)


async def state(contract: db.Row) -> str:
    return (await access.contract(contract["id"]))["state"]


async def mailed(kind: str) -> list[int]:
    return [
        row[0] for row in await db.rows("SELECT to_user FROM mail_message WHERE kind = $1 ORDER BY id", kind)
    ]


async def test_of_two_signatories_each_signs_with_a_code_of_their_own(cast):
    colette = await two_sign(cast)
    sent = await sent_to(cast, cast.remi)
    assert await mailed("contracts.to_sign") == [cast.remi.user_id, colette.user_id]
    await signs(sent, cast.remi)
    assert await state(sent) == "sent"
    assert await mailed("contracts.next_to_sign") == [colette.user_id]
    assert await mailed("contracts.to_countersign") == []
    await signs(sent, colette)
    assert await state(sent) == "signed"
    proofs = await access.proofs_of(sent["id"])
    assert [(one["signer_name"], one["capacity"]) for one in proofs] == [
        ("Rémi Morin", "gérant"), ("Colette Brun", CAPACITY),
    ]  # fmt: skip
    assert await broken_chains() == []


async def test_the_contract_tells_who_signs_for_each_side(cast):
    await two_sign(cast)
    html = (await sent_to(cast, cast.remi))["html"]
    assert "Alice Ferrand, présidente" in html
    assert "Rémi Morin, gérant et Colette Brun, cogérante" in html
    assert "ces deux personnes signent ensemble" in html


async def test_the_code_of_one_does_not_sign_for_the_other(cast):
    colette = await two_sign(cast)
    sent = await sent_to(cast, cast.remi)
    code = await code_for(sent, cast.remi.person)
    with pytest.raises(Refused, match="wrong_code"):
        await sign(sent, colette.person, code)
    assert await access.proofs_of(sent["id"]) == []


async def test_the_same_person_does_not_sign_twice(cast):
    await two_sign(cast)
    sent = await sent_to(cast, cast.remi)
    code = await code_for(sent, cast.remi.person)
    await sign(sent, cast.remi.person, code)
    with pytest.raises(Refused, match="signed_already"):
        await sign(sent, cast.remi.person, code)
    with pytest.raises(Refused, match="signed_already"):
        await code_for(sent, cast.remi.person)
    assert await state(sent) == "sent"


async def test_one_signature_is_enough_of_two_who_may_sign_alone(cast):
    colette = await colleague_of(cast.remi, Seat.MEMBER)
    await authorise(cast, {colette.user_id: CAPACITY}, 1)
    sent = await sent_to(cast, cast.remi)
    await signs(sent, colette)
    assert await state(sent) == "signed"
    with pytest.raises(Refused, match="contract_moved_on"):
        await code_for(sent, cast.remi.person)


@pytest.mark.parametrize("seat", [Seat.MEMBER, Seat.ACCOUNTANT])
async def test_who_is_not_named_in_the_contract_does_not_sign(cast, seat):
    sent = await sent_to(cast, cast.remi)
    colleague = await colleague_of(cast.remi, seat)
    with pytest.raises(NotAllowed, match="not_signatory"):
        await code_for(sent, colleague.person)


async def test_who_is_named_later_signs_the_next_contract_only(cast):
    sent = await sent_to(cast, cast.remi)
    colette = await two_sign(cast)
    with pytest.raises(NotAllowed, match="not_signatory"):
        await code_for(sent, colette.person)


async def test_who_is_no_longer_authorised_no_longer_signs(cast):
    colette = await two_sign(cast)
    sent = await sent_to(cast, cast.remi)
    code = await code_for(sent, colette.person)
    await authorise(cast, {}, 1)
    with pytest.raises(NotAllowed, match="not_signatory"):
        await sign(sent, colette.person, code)


async def test_whose_seat_has_ended_no_longer_signs(cast):
    colette = await two_sign(cast)
    sent = await sent_to(cast, cast.remi)
    async with deed(cast.remi.person):
        await people.end_seat(colette.user_id, cast.remi.referrer_id)
    with pytest.raises(NotAllowed, match="not_signatory"):
        await code_for(sent, colette.person)


async def test_somebody_of_the_staff_who_looks_as_the_referrer_signs_nothing(cast):
    sent = await sent_to(cast, cast.remi)
    looking = Person(
        user_id=cast.sam.user_id, name="Sam Berger", email=cast.sam.email, language="fr",
        roles=frozenset({Role.REFERRER}), referrer_id=cast.remi.referrer_id, seat=Seat.OWNER,
    )  # fmt: skip
    as_remi = replace(cast.remi.person, seeing=Seeing(1, "Morin Conseil", now()))
    for person in (looking, as_remi):
        with pytest.raises(NotAllowed, match="not_signatory"):
            await code_for(sent, person)


async def test_a_refusal_of_one_is_a_refusal_of_all(cast):
    colette = await two_sign(cast)
    sent = await sent_to(cast, cast.remi)
    await signs(sent, cast.remi)
    async with deed(colette.person):
        await signing.refuse(sent, colette.person, "Pas maintenant.")
    assert await state(sent) == "refused"


async def test_two_signatures_want_two_signatories(cast):
    with pytest.raises(Refused, match="second_signatory_missing"):
        await authorise(cast, {cast.remi.user_id: "gérant"}, 2)


async def test_without_its_second_signatory_no_contract_is_written(cast):
    colette = await two_sign(cast)
    async with deed(cast.remi.person):
        await people.end_seat(colette.user_id, cast.remi.referrer_id)
    with pytest.raises(Refused, match="second_signatory_missing"):
        await sent_to(cast, cast.remi)


async def test_nobody_signs_for_an_individual(cast):
    colleague = await colleague_of(cast.rachel, Seat.MEMBER)
    with pytest.raises(Refused, match="signs_alone"):
        await authorise(cast, {colleague.user_id: ""}, 1, cast.rachel, Status.INDIVIDUAL)


async def test_an_accountant_is_not_made_a_signatory(cast):
    accountant = await colleague_of(cast.remi, Seat.ACCOUNTANT)
    with pytest.raises(Refused, match="reads_only"):
        await authorise(cast, {accountant.user_id: ""}, 1)


# -- the company's side


async def company_wants(needed: int, cast: Cast) -> Member:
    async with deed(cast.alice.person):
        await db.execute("UPDATE legal_entity SET signatures_needed = $1", needed)
        await people.set_roles(cast.fanny.user_id, {Role.FINANCE, Role.ADMIN})
    return cast.fanny


def as_admin(member: Member) -> Person:
    return replace(member.person, roles=member.person.roles | {Role.ADMIN})


async def test_two_countersign_where_the_company_wants_two(cast):
    fanny = await company_wants(2, cast)
    sent = await sent_to(cast, cast.remi)
    signed = await signs(sent, cast.remi)
    await countersigns(signed, cast.alice.person)
    assert await state(sent) == "signed"
    assert await mailed("contracts.next_to_countersign") == [fanny.user_id]
    with pytest.raises(Refused, match="signed_already"):
        await countersigns(signed, cast.alice.person)
    await countersigns(signed, as_admin(fanny))
    assert await state(sent) == "in_force"
    company = [one["capacity"] for one in await access.proofs_of(sent["id"]) if one["side"] == "company"]
    assert company == ["présidente", "par délégation de Alice Ferrand"]


async def test_only_the_administration_countersigns(cast):
    sent = await sent_to(cast, cast.remi)
    signed = await signs(sent, cast.remi)
    for member in (cast.sam, cast.fanny, cast.remi):
        with pytest.raises(NotAllowed):
            await countersigns(signed, member.person)
    assert await state(sent) == "signed"


async def test_nobody_signs_for_both_sides(cast):
    sent = await sent_to(cast, cast.remi)
    signed = await signs(sent, cast.remi)
    with pytest.raises(Refused, match="signs_both"):
        await countersigns(signed, as_admin(cast.remi))


# -- at the same time


async def test_two_signatories_at_once_both_count_and_one_of_them_is_the_last(cast):
    colette = await two_sign(cast)
    sent = await sent_to(cast, cast.remi)
    codes = [await code_for(sent, who.person) for who in (cast.remi, colette)]
    await asyncio.gather(sign(sent, cast.remi.person, codes[0]), sign(sent, colette.person, codes[1]))
    assert await state(sent) == "signed"
    assert len(await access.proofs_of(sent["id"])) == 2
    assert await mailed("contracts.to_countersign") == [cast.alice.user_id]
    assert await broken_chains() == []


async def test_of_two_countersignatures_at_once_by_the_same_person_one_counts(cast):
    await company_wants(2, cast)
    signed = await signs(await sent_to(cast, cast.remi), cast.remi)
    done = await asyncio.gather(
        *[countersigns(signed, cast.alice.person) for _n in range(4)], return_exceptions=True
    )
    assert sum(isinstance(one, Refused) for one in done) == 3
    assert await state(signed) == "signed"


async def test_signed_while_it_is_withdrawn_it_is_one_or_the_other(cast):
    """Another draft takes its place at the same instant: never both a signature and a withdrawal."""
    programme_id, version_id = await open_programme(cast)
    async with deed(cast.sam.person):
        sent = await contracts.send(await contracts.draft(cast.remi.referrer_id, programme_id, version_id))
    code = await code_for(sent, cast.remi.person)

    async def replace_it() -> None:
        async with deed(cast.sam.person):
            await contracts.draft(cast.remi.referrer_id, programme_id, version_id)

    done = await asyncio.gather(sign(sent, cast.remi.person, code), replace_it(), return_exceptions=True)
    assert sum(isinstance(one, Exception) for one in done) == 1
    now_is = await state(sent)
    assert (now_is, len(await access.proofs_of(sent["id"]))) in (("signed", 1), ("withdrawn", 0))
    assert await broken_chains() == []


# -- the pages


async def test_the_page_says_who_signed_and_who_is_awaited(cast, client):
    colette = await two_sign(cast)
    sent = await sent_to(cast, cast.remi)
    await signs(sent, cast.remi)
    remi = (await client(cast.remi).get(f"/contrats/{sent['ref']}")).text
    assert "Vous avez signé. Le contrat attend encore" in remi
    assert "Recevoir mon code" not in remi
    hers = (await client(colette).get(f"/contrats/{sent['ref']}")).text
    assert "Recevoir mon code" in hers
    assert "Signature attendue" in hers


async def test_the_owner_names_a_second_signatory(cast, client):
    colette = await colleague_of(cast.remi, Seat.MEMBER)
    ref = await db.value("SELECT ref FROM app_user WHERE id = $1", colette.user_id)
    remi = client(cast.remi)
    assert "Colette Brun" in (await remi.get("/profil/signataires")).text
    refused = await remi.post_form("/profil/signataires", needed="2")
    assert refused.status_code == 422
    done = await remi.post_form(
        "/profil/signataires", needed="2", signs=ref, **{f"capacity_{ref}": "  directrice "}
    )
    assert done.status_code == 303
    seat = await db.row("SELECT signs, capacity FROM membership WHERE user_id = $1", colette.user_id)
    assert tuple(seat) == (True, "directrice")
    assert (await client(colette).get("/profil/signataires")).status_code == 403


async def test_sales_name_signatories_and_an_individual_has_none(cast, client):
    sam = client(cast.sam)
    remi, rachel = [
        await db.value("SELECT ref FROM referrer WHERE id = $1", who.referrer_id)
        for who in (cast.remi, cast.rachel)
    ]
    assert (await sam.post_form(f"/apporteurs/{remi}/signataires", needed="1")).status_code == 303
    assert "signe elle-même" in (await sam.get(f"/apporteurs/{rachel}/signataires")).text
    assert (await sam.post_form(f"/apporteurs/{rachel}/signataires", needed="1")).status_code == 422


async def test_the_copy_shows_every_signature(cast):
    colette = await two_sign(cast)
    sent = await sent_to(cast, cast.remi)
    await signs(sent, cast.remi)
    signed = await signs(sent, colette)
    await countersigns(signed, cast.alice.person)
    await work_off()
    for words in await words_of(sent):
        for name in ("Rémi Morin", "Colette Brun", "Alice Ferrand"):
            assert name in words


async def test_whoever_signs_alone_is_the_owner_as_before(cast):
    contract = await in_force(cast, cast.rachel)
    rows = await db.rows(
        "SELECT user_id, name FROM contract_signatory WHERE contract_id = $1", contract["id"]
    )
    assert [tuple(row) for row in rows] == [(cast.rachel.user_id, "Rachel Vidal")]


async def test_two_countersign_only_where_two_are_in_the_administration(cast, client):
    alice = client(cast.alice)
    refused = await alice.post_form("/reglages/signature", needed="2")
    assert refused.status_code == 422
    await company_wants(1, cast)
    assert (await alice.post_form("/reglages/signature", needed="2")).status_code == 303
    assert await db.value("SELECT signatures_needed FROM legal_entity") == 2
    assert (await sent_to(cast, cast.remi))["company_signatures"] == 2


async def test_the_settings_show_the_certificate_of_the_seal(cast, client):
    await in_force(cast, cast.rachel)
    await work_off()
    text = (await client(cast.alice).get("/reglages/signature")).text
    assert (await db.value("SELECT sha256 FROM seal_certificate")).hex() in text
