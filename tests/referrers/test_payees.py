"""Another is paid in the place of a referrer: on an act, by two people, from a day on, up to a ceiling."""

import re
from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.files import Store, keep
from portal.kit.keyring import NotSealedHere, ring
from portal.kit.problems import NotAllowed, Refused
from portal.payouts import access as payout_access
from portal.payouts import actions as payouts
from portal.payouts.waiting import waiting
from portal.referrers import access, payees
from portal.referrers.payee_rules import Kind, first_of
from tests.invoicing.books import books_of

IBAN = "FR7610107001011234567890129"


async def proposed(cast, who, *, since=None, until=None, ceiling=500_00, kind=Kind.ATTACHMENT):
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="acte.pdf")
    async with deed(cast.fanny.person):
        return await payees.propose(
            who.referrer_id, kind=kind, name="Trésor public", iban=IBAN, act="SATD 12", since=since or today(), until=until,
            ceiling_cents=ceiling, kept=kept,
        )  # fmt: skip


async def approved(cast, who, **more):
    made = await proposed(cast, who, **more)
    async with deed(cast.fred.person):
        await payees.approve(made, cast.fred.person)
    return await payees.payee(made["id"])


async def test_nothing_changes_before_a_second_person_has_approved(cast):
    made = await proposed(cast, cast.remi)
    assert await access.payee_on(cast.remi.referrer_id, today()) is None
    with pytest.raises(NotAllowed):
        async with deed(cast.fanny.person):
            await payees.approve(made, cast.fanny.person)
    async with deed(cast.fred.person):
        await payees.approve(made, cast.fred.person)
    first = await access.payee_on(cast.remi.referrer_id, today())
    assert (first.payee["name"], first.ceiling_cents) == ("Trésor public", 500_00)


async def test_it_rules_from_its_first_day_to_its_last(cast):
    await approved(cast, cast.remi, since=today() + timedelta(3), until=today() + timedelta(9), ceiling=None)
    ruled = [
        bool(await access.payee_on(cast.remi.referrer_id, today() + timedelta(n))) for n in (2, 3, 9, 10)
    ]
    assert ruled == [False, True, True, False]


async def test_while_another_is_to_be_paid_the_transfer_goes_there_first(cast):
    """432.00 are due: 400.00 to the Treasury, which may have no more, 32.00 to the referrer."""
    books = await books_of(cast)
    await books.earns(cast.remi, 360_00)
    await books.issue()
    made = await approved(cast, cast.remi, ceiling=400_00)
    [candidate] = await waiting(cast.entity_id)
    assert [(one.payee and one.payee["id"], one.cents) for one in candidate.shares] == [
        (made["id"], 400_00),
        (None, 32_00),
    ]
    async with deed(cast.fanny.person):
        await payees.end(made)
    [candidate] = await waiting(cast.entity_id)
    assert not candidate.shares
    with pytest.raises(Refused):
        async with deed(cast.fanny.person):
            await payees.end(made)


async def test_an_act_that_comes_after_the_approval_of_a_run_stops_the_run(cast):
    books = await books_of(cast)
    await books.earns(cast.remi, 360_00)
    await books.issue()
    async with deed(cast.fanny.person):
        run = await payouts.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await payouts.approve(run)
    run = await payout_access.run(run["id"])
    kept = await payouts.bank_file(run)
    await approved(cast, cast.remi)
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await payouts.send(run, kept)
    assert why.value.code == "payee"


async def test_the_referrer_reads_who_is_paid_but_nothing_of_the_account_and_the_heirs_read_nothing(
    cast, client
):
    await books_of(cast)
    await approved(cast, cast.remi)
    page = (await client(cast.remi).get("/profil")).text
    assert "Trésor public" in page
    assert IBAN not in page
    assert not re.search(r"\b0129\b", page)
    await approved(cast, cast.mina, kind=Kind.DEATH)
    assert "Trésor public" not in (await client(cast.mina).get("/profil")).text


async def test_the_account_is_sealed_for_its_own_column(cast):
    made = await proposed(cast, cast.remi)
    assert ring().open(made["iban_sealed"], payees.IBAN) == IBAN
    with pytest.raises(NotSealedHere):
        ring().open(made["iban_sealed"], "bank_detail.iban")


def pdf() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made := BytesIO())
    return made.getvalue()


GOOD = {"kind": "attachment", "name": "Trésor public", "iban": IBAN, "ceiling": "500,00"}


def since_today(**changes):
    return GOOD | {"since": today().isoformat()} | changes


async def test_by_the_pages_one_writes_it_down_and_another_approves(cast, client):
    ref = (await access.referrer(cast.remi.referrer_id))["ref"]
    path, fanny = f"/apporteurs/{ref}/beneficiaires", client(cast.fanny)
    made = await fanny.post_form(
        path, files={"document": ("acte.pdf", pdf(), "application/pdf")}, **since_today()
    )
    assert made.status_code == 303
    there = made.headers["location"]
    assert "Une autre personne doit approuver" in (await fanny.get(there)).text
    assert (await fanny.post_form(f"{there}/approbation")).status_code == 403
    mails = await db.rows("SELECT to_user FROM mail_message WHERE kind = 'referrers.payee_proposed'")
    assert {mail["to_user"] for mail in mails} == {cast.fred.user_id, cast.alice.user_id}
    fred = client(cast.fred)
    assert (await fred.post_form(f"{there}/approbation")).status_code == 303
    assert "Trésor public" in (await fred.get(f"/apporteurs/{ref}")).text
    assert (await fred.post_form(f"{there}/fin")).status_code == 303
    assert "Terminé" in (await fred.get(path)).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"iban": "FR7610107001011234567890192"}, "semblent inversés"),
        ({"name": ""}, "Indiquez qui est payé"),
        ({"since": ""}, "Indiquez à partir de quel jour"),
        ({"until": "2020-01-01"}, "La fin vient après le début"),
        ({"ceiling": "zéro"}, "Ce montant ne se lit pas"),
        ({"ceiling": "0"}, "au-dessus de zéro"),
        ({"kind": ""}, "Choisissez pourquoi"),
    ],
)
async def test_a_mistake_is_said_under_its_field_and_what_was_typed_stays(cast, client, wrong, said):
    path = f"/apporteurs/{(await access.referrer(cast.remi.referrer_id))['ref']}/beneficiaires"
    answer = await client(cast.fanny).post_form(
        path,
        files={"document": ("acte.pdf", pdf(), "application/pdf")},
        **since_today(act="SATD 12", **wrong),
    )
    assert answer.status_code == 422
    assert said in re.sub("[\u202f\u00a0]", " ", answer.text).replace("’", "'")
    assert "SATD 12" in answer.text


async def test_without_its_act_or_with_a_dangerous_file_nothing_is_kept(cast, client):
    path = f"/apporteurs/{(await access.referrer(cast.remi.referrer_id))['ref']}/beneficiaires"
    fanny = client(cast.fanny)
    assert "Déposez l’acte" in (await fanny.post_form(path, **since_today())).text
    evil = await fanny.post_form(
        path, files={"document": ("acte.pdf", b"MZ\x90\x00", "application/pdf")}, **since_today()
    )
    assert evil.status_code == 422
    assert await db.value("SELECT count(*) FROM payee") == 0


ACTS = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.one_of(st.none(), st.integers(0, 20)),
        st.sampled_from(["approved", "ended", "proposed"]),
    )
)


@given(ACTS, st.integers(0, 25))
def test_the_oldest_act_that_rules_is_served_first(acts, day):
    first = date(2026, 1, 1)
    rows = [
        {"id": n, "since": first + timedelta(since), "state": state, "ceiling_cents": None,
         "until": None if lasts is None else first + timedelta(since + lasts)}
        for n, (since, lasts, state) in enumerate(acts)
    ]  # fmt: skip
    asked = first + timedelta(day)
    ruling = [
        row
        for row in rows
        if row["state"] == "approved"
        and row["since"] <= asked
        and (row["until"] is None or asked <= row["until"])
    ]
    found = first_of(rows, asked)
    assert (found is None) == (not ruling)
    assert found is None or all(
        (found.payee["since"], found.payee["id"]) <= (row["since"], row["id"]) for row in ruling
    )
