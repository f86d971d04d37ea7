"""Paid by hand with its proof, referrers on a rail of their own, holders decided on, what needs eyes."""

import asyncio
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.files import Store, keep
from portal.kit.problems import Problem, Refused
from portal.ledger.balances import account_balance, referrer_balances
from portal.payouts import access, actions
from portal.payouts.by_hand import paying
from portal.payouts.by_hand.rules import Way
from portal.payouts.eyes import Look, Past, looks, usual
from portal.payouts.holder import checking
from portal.payouts.holder.rules import Decision, Result, compared, is_held
from portal.payouts.rails import choosing
from portal.payouts.rails.rules import RailName
from portal.payouts.waiting import waiting
from tests.cast import Member
from tests.invoicing.books import Books


async def by_hand(books: Books, who: Member, since: date | None = None) -> None:
    async with deed(books.cast.fanny.person):
        await choosing.choose(who.referrer_id, RailName.HAND, since or today(), "Chèque demandé")


async def sent_by_hand(books: Books) -> db.Row:
    cast = books.cast
    await by_hand(books, cast.remi)
    await books.earns(cast.remi, 360_00)
    await books.issue()
    async with deed(cast.fanny.person):
        (run,) = await actions.prepare_all(cast.entity_id, today())
    async with deed(cast.fred.person):
        await actions.approve(run)
    run = await access.run(run["id"])
    assert await actions.bank_file(run) is None
    async with deed(cast.fanny.person):
        await actions.send(run, None)
    (line,) = await access.lines_of(run["id"])
    return line


async def paid(books: Books, line: db.Row, **changes: Any) -> None:
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="cheque.pdf")
    told = {
        "way": Way.CHEQUE,
        "amount_cents": 432_00,
        "paid_on": today(),
        "reference": "0000123",
        "kept": kept,
    }
    async with deed(books.cast.fanny.person):
        await paying.pay(line, None, **told | changes)


async def test_a_cheque_with_its_proof_is_a_payment_like_any_other(books, cast, client):
    line = await sent_by_hand(books)
    await paid(books, line)
    assert (await access.run(line["run_id"]))["state"] == "settled"
    assert (await referrer_balances(cast.remi.referrer_id)).paid == 360_00
    assert await account_balance(f"entity:{cast.entity_id}:bank") == -432_00
    page = (await client(cast.fanny).get(f"/virements/{line['ref']}")).text
    (payment,) = await paying.payments_of(line["id"])
    assert f"/fichiers/{payment['file_ref']}" in page
    assert (await client(cast.fanny).get(f"/fichiers/{payment['file_ref']}")).status_code == 200
    assert (await client(cast.remi).get(f"/fichiers/{payment['file_ref']}")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_cents": 431_99}, "hand_amount"),
        ({"amount_cents": 432_01}, "hand_amount"),
        ({"paid_on": date(2020, 1, 1)}, "settled_when"),
        ({"paid_on": date(2999, 1, 1)}, "settled_when"),
    ],
)
async def test_another_amount_or_day_is_refused_and_nothing_moves(books, changes, code):
    line = await sent_by_hand(books)
    with pytest.raises(Refused) as why:
        await paid(books, line, **changes)
    assert why.value.code == code
    assert (await access.line(line["id"]))["state"] == "sent"
    assert await db.value("SELECT count(*) FROM hand_payment") == 0


async def test_the_same_cheque_noted_five_times_at_once_is_one_payment(books, cast):
    line = await sent_by_hand(books)
    outcomes = await asyncio.gather(*(paid(books, line) for _ in range(5)), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(outcome is None or isinstance(outcome, Problem) for outcome in outcomes)
    assert (await referrer_balances(cast.remi.referrer_id)).paid == 360_00


async def test_a_transfer_by_the_bank_is_not_paid_by_hand(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    (line,) = await access.lines_of(run["id"])
    with pytest.raises(Refused) as why:
        await paid(books, line)
    assert why.value.code == "hand_not_waiting"


def pdf() -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made := BytesIO())
    return made.getvalue()


async def test_by_the_page_nothing_is_noted_without_its_proof(books, cast, client):
    line = await sent_by_hand(books)
    path, fanny = f"/virements/{line['ref']}/paiement", client(cast.fanny)
    said = {"way": "cheque", "amount": "432,00", "paid_on": today().isoformat(), "reference": "0000123"}
    without = await fanny.post_form(path, **said)
    assert without.status_code == 422
    assert "Déposez la preuve" in without.text
    evil = await fanny.post_form(
        path, files={"document": ("a.pdf", b"MZ\x90\x00", "application/pdf")}, **said
    )
    assert evil.status_code == 422
    less = await fanny.post_form(
        path, files={"document": ("a.pdf", pdf(), "application/pdf")}, **said | {"amount": "400"}
    )
    assert "ni plus ni moins" in less.text
    good = await fanny.post_form(path, files={"document": ("a.pdf", pdf(), "application/pdf")}, **said)
    assert good.status_code == 303
    assert (await access.line(line["id"]))["state"] == "settled"


# Rails


async def test_a_run_for_each_rail_that_has_somebody_to_pay(books, cast):
    for who in (cast.remi, cast.rachel):
        await books.earns(who, 100_00)
    await books.issue()
    await by_hand(books, cast.rachel)
    async with deed(cast.fanny.person):
        runs = await actions.prepare_all(cast.entity_id, today())
    assert [(run["rail"], run["lines"]) for run in runs] == [("sepa", 1), ("hand", 1)]


async def test_a_choice_rules_from_its_day_and_without_one_the_company_decides(books, cast):
    await books.earns(cast.remi, 100_00)
    await books.issue()
    await by_hand(books, cast.remi, since=today() + timedelta(1))
    assert [one.rail for one in await waiting(cast.entity_id)] == ["sepa"]
    async with deed(cast.alice.person):
        await choosing.set_company_rail(RailName.HAND)
    assert [one.rail for one in await waiting(cast.entity_id)] == ["hand"]
    async with deed(cast.fanny.person):
        await choosing.choose(cast.remi.referrer_id, RailName.SEPA, today(), "")
    assert [one.rail for one in await waiting(cast.entity_id)] == ["sepa"]


async def test_who_is_paid_otherwise_since_the_approval_stops_the_run(books, cast):
    await books.earns(cast.remi, 100_00)
    await books.issue()
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await actions.approve(run)
    run = await access.run(run["id"])
    kept = await actions.bank_file(run)
    await by_hand(books, cast.remi)
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await actions.send(run, kept)
    assert why.value.code == "rail_changed"


# Whose account it is


@pytest.mark.parametrize(
    ("holder", "party", "result"),
    [
        ("MORIN CONSEIL SARL", "Morin Conseil", Result.MATCH),
        ("M. Rémi Morin", "Morin Rémi", Result.MATCH),
        ("R. Morin", "Rémi Morin", Result.CLOSE),
        ("Morin Consiel", "Morin Conseil", Result.CLOSE),
        ("Trésor public", "Morin Conseil", Result.NONE),
        ("SARL", "Morin Conseil", Result.IMPOSSIBLE),
    ],
)
def test_names_are_compared_as_a_bank_would(holder, party, result):
    assert compared(holder, party) is result


@given(st.text(max_size=30))
def test_a_name_is_its_own_match_or_cannot_be_read(name):
    assert compared(name, name) in (Result.MATCH, Result.IMPOSSIBLE)


def bank(
    holder: str = "Trésor public", vouched_by: int | None = None, *checks: tuple[str, str]
) -> dict[str, Any]:
    return {
        "holder": holder, "first_name": "Rémi", "last_name": "Morin", "company_name": "", "vouched_by": vouched_by,
        "checks": [{"source": source, "decision": decision} for source, decision in checks],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("account", "held"),
    [
        (bank("Rémi Morin"), False),
        (bank(), True),
        (bank("Trésor public", 7), False),  # finance vouched for it when it was given
        (bank("Trésor public", None, ("portal", "pay")), False),
        (bank("Trésor public", None, ("portal", "pay"), ("portal", "hold")), True),
        (bank("Rémi Morin", None, ("bank", "hold")), True),
        (
            bank("Rémi Morin", None, ("bank", "hold"), ("bank", "")),
            False,
        ),  # asked again, the bank found a match
    ],
)
def test_nothing_goes_to_an_account_that_somebody_has_to_decide_on(account, held):
    assert is_held(account) is held


async def test_a_holder_who_is_not_the_party_waits_for_a_decision_and_the_line_says_so(books, cast, client):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    async with deed(cast.fred.person):
        await db.execute(
            "UPDATE bank_detail SET holder = 'R. Morin', vouched_by = NULL WHERE referrer_id = $1",
            cast.remi.referrer_id,
        )
    (candidate,) = await waiting(cast.entity_id)
    assert candidate.block == "holder"
    path = f"/virements/titulaires/{candidate.bank['ref']}"
    fanny = client(cast.fanny)
    assert path in (await fanny.get("/virements/preparation")).text
    assert (await fanny.post_form(path, decision="pay")).status_code == 422
    assert (await fanny.post_form(path, decision="pay", reason="Nom vu sur le RIB.")).status_code == 303
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    assert "Titulaire différent, payé sur décision" in (
        await fanny.get(f"/virements/{run['ref']}")
    ).text.replace("\u202f", " ")


async def test_what_the_bank_answers_of_a_line_stops_it_unless_somebody_decides_to_pay(books, cast, client):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await actions.approve(run)
    run = await access.run(run["id"])
    (line,) = await access.lines_of(run["id"])
    path, fanny = f"/virements/{line['ref']}/verification", client(cast.fanny)
    undecided = await fanny.post_form(path, result="none")
    assert undecided.status_code == 422
    assert (
        await fanny.post_form(path, result="none", decision="hold", why="Rappeler Rémi.")
    ).status_code == 303
    kept = await actions.bank_file(run)
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await actions.send(run, kept)
    assert why.value.code == "holder"
    async with deed(cast.fred.person):
        await checking.note_answer(line, Result.CLOSE, "MORIN R", Decision.PAY, "Rappelé, c'est son compte.")
    async with deed(cast.fanny.person):
        await actions.send(run, kept)
    assert (await access.run(run["id"]))["state"] == "sent"


# What needs eyes

DAY = date(2026, 11, 23)
OLD = Past((100_00, 120_00, 80_00), 7)


def line(**changes: Any) -> dict[str, Any]:
    return {
        "bank_detail_id": 7, "destination": "", "total_cents": 100_00, "shares": [], "holder_decided": False, "executes_on": DAY,
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("one", "past", "due_in", "limit", "found"),
    [
        (line(), OLD, 30, None, []),
        (line(), Past(), 30, None, [Look.NEW_PAYEE]),
        (line(bank_detail_id=8), OLD, 30, None, [Look.NEW_ACCOUNT]),
        (line(total_cents=200_00), OLD, 30, None, []),  # exactly twice the median of 100.00
        (line(total_cents=200_01), OLD, 30, None, [Look.MUCH]),
        (line(total_cents=900_00), Past((1, 1), 7), 30, None, []),  # two payments make no habit
        (line(), OLD, 3, None, [Look.LATE]),
        (line(), OLD, 4, None, []),
        (line(), OLD, 30, 99_99, [Look.ABOVE_LIMIT]),
        (line(shares=[{}]), OLD, 30, None, [Look.ANOTHER]),
        (line(holder_decided=True), OLD, 30, None, [Look.HOLDER]),
    ],
)
def test_only_what_is_not_as_ever_needs_eyes(one, past, due_in, limit, found):
    assert [seen.look for seen in looks(one, past, DAY + timedelta(due_in), limit)] == found


@given(st.lists(st.integers(1, 10**7), min_size=3, max_size=20))
def test_the_usual_lies_between_the_least_and_the_most(amounts):
    often = usual(Past(tuple(amounts)))
    assert often is not None
    assert min(amounts[:12]) <= often <= max(amounts[:12])


async def test_the_page_shows_a_first_payment_first_and_folds_the_rest(books, cast, client):
    for _ in range(3):
        await books.earns(cast.remi, 100_00)
        await books.issue()
        async with deed(cast.fanny.person):
            run = await actions.prepare(cast.entity_id, today())
        async with deed(cast.fred.person):
            await actions.approve(run)
        run = await access.run(run["id"])
        kept = await actions.bank_file(run)
        async with deed(cast.fanny.person):
            await actions.send(run, kept)
            await actions.settle(await access.run(run["id"]), today())
    for who in (cast.remi, cast.rachel):
        await books.earns(who, 100_00)
    await books.issue()
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    text = (await client(cast.fred).get(f"/virements/{run['ref']}")).text
    assert text.count("Premier versement") == 1
    assert "1 versement comme d’habitude" in text.replace("'", "’").replace("\u202f", " ")
