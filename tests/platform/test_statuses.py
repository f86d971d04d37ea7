"""What platforms tell of a paper, in whatever order: shown in words, and what it means for money."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing import access as papers
from portal.invoicing.platform import cdar, inbox, rules, words
from portal.invoicing.platform.calling import Unreachable
from portal.invoicing.platform.rules import STATUSES, Effect, Told
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import now
from portal.kit.text import speaking
from portal.law import FIGURES
from portal.payouts.waiting import waiting
from tests.platform.told import status

# LAW §6.3: 200 to 213, then 220, 221 and 501
ALL = {*map(str, range(200, 214)), "220", "221", "501"}


def test_every_status_of_the_law_has_its_meaning_its_words_and_its_place_in_the_base():
    assert set(STATUSES) == set(words.STATUS_LABELS) == ALL
    assert set(FIGURES["einvoicing.statuses_to_portal"][-1].value) <= ALL  # pyright: ignore


async def test_the_base_takes_every_status_and_no_other(base):
    [sql] = [
        row["pg_get_constraintdef"]
        for row in await db.rows(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'paper_status'::regclass AND contype = 'c'"
        )
        if "code" in row["pg_get_constraintdef"]
    ]
    assert {code for code in map(str, range(100, 1000)) if f"'{code}'" in sql} == ALL


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_status_and_every_reason_has_words_in_both_languages(language):
    with speaking(language):
        said = [words.status_said(code) for code in ALL] + [
            words.reason_said(code, "") for code in words.REASONS
        ]
    assert all(said)
    assert language == "fr" or "Refusée" not in said


def test_what_a_status_needs_as_a_reason_is_what_the_published_rule_asks():
    assert {"206", "207", "208", "210", "213", "501"} == rules.NEED_REASON  # BR-FR-CDV-15


MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@given(st.lists(st.tuples(st.sampled_from(sorted(ALL)), st.integers(0, 20)), max_size=8))
def test_what_rules_does_not_depend_on_the_order_of_arrival(told):
    statuses = [Told(code, MOMENT + timedelta(minutes=minute)) for code, minute in told]
    assert len({rules.standing_effect(order) for order in permutations(statuses[:5])}) == 1


@given(
    st.lists(st.sampled_from(sorted(ALL - set(rules.DEAD))), max_size=6), st.sampled_from(sorted(rules.DEAD))
)
def test_nothing_brings_back_a_paper_that_ended_for_good(others, dead):
    told = [Told(dead, MOMENT)] + [
        Told(code, MOMENT + timedelta(hours=n)) for n, code in enumerate(others, 1)
    ]
    assert rules.standing_effect(told)[0] is Effect.DEAD


# In the books


async def issued(books, who=None) -> db.Row:
    await books.earns(who or books.cast.remi, 500_00)
    [paper] = await books.issue()  # not printed: statuses need no page
    return await papers.invoice(paper["id"])


async def told_codes(paper) -> list[str]:
    return [
        row["code"]
        for row in await db.rows(
            "SELECT code FROM paper_status WHERE invoice_id = $1 ORDER BY said_at, id", paper["id"]
        )
    ]


async def blocks(books) -> list[str]:
    return [one.block for one in await waiting(books.cast.entity_id)]


async def test_a_life_is_shown_on_the_paper_in_the_order_of_what_is_told(books, platform, client):
    paper = await issued(books)
    start = now()
    for minute, code in ((3, "205"), (1, "202"), (0, "200"), (2, "203")):
        platform.brings(status(paper, code, start + timedelta(minutes=minute)))
    await inbox.poll()
    assert await told_codes(paper) == ["200", "202", "203", "205"]
    page = (await client(books.cast.remi).get(f"/factures/{paper['ref']}")).text
    assert (
        page.index("Approuvée") < page.index("Mise à disposition") < page.index("Déposée sur la plateforme")
    )


async def test_approved_it_counts_as_accepted_at_once(books, platform):
    paper = await issued(books)
    platform.brings(status(paper, "205"))
    await inbox.poll()
    assert (await papers.invoice(paper["id"]))["said"] == "accepted"
    assert await blocks(books) == [""]


@pytest.mark.parametrize(
    ("code", "reason"),
    [("206", ("AUTRE", "")), ("207", ("TX_TVA_ERR", "20 au lieu de 10")), ("210", ("MONTANTTOTAL_ERR", "")), ("213", ("REJ_SEMAN", "")), ("501", ("IRR_SYNTAX", ""))],
)  # fmt: skip
async def test_what_contests_or_ends_a_paper_keeps_it_out_of_transfers_and_finance_hears_of_it(
    books, platform, code, reason
):
    paper = await issued(books)
    platform.brings(status(paper, code, reason=reason))
    await inbox.poll()
    assert (await papers.invoice(paper["id"]))["said"] == "contested"
    assert await blocks(books) == ["contested"]
    assert (
        await db.value("SELECT count(*) FROM mail_message WHERE kind = 'invoicing.contested'") == 2
    )  # Fanny and Fred


async def test_a_dispute_that_is_settled_is_paid_again(books, platform):
    paper = await issued(books)
    start = now() - timedelta(hours=2)
    platform.brings(status(paper, "207", start, ("AUTRE", "")))
    await inbox.poll()
    platform.brings(status(paper, "205", now() + timedelta(minutes=1)))
    await inbox.poll()
    assert await blocks(books) == [""]


async def test_an_approval_told_late_does_not_lift_a_contest_said_since_on_the_portal(
    books, platform, client
):
    paper = await issued(books)
    await client(books.cast.remi).post_form(
        f"/factures/{paper['ref']}/contestation", reason="Il manque un client."
    )
    platform.brings(status(paper, "205", now() - timedelta(hours=1)))
    await inbox.poll()
    assert await blocks(books) == ["contested"]


@pytest.mark.parametrize("code", ["210", "213", "501"])
async def test_a_paper_that_ended_is_listed_to_rectify_and_cannot_be_accepted_after_all(
    books, platform, client, code
):
    paper = await issued(books)
    platform.brings(status(paper, code, reason=("DOUBLON", "")))
    await inbox.poll()
    answer = await client(books.cast.remi).post_form(f"/factures/{paper['ref']}/acceptation")
    assert answer.status_code == 409
    assert await blocks(books) == ["contested"]
    overview = (await client(books.cast.fanny).get("/factures/electronique")).text
    assert "À rectifier" in overview
    assert paper["number"] in overview


async def test_the_same_told_ten_times_and_in_two_flows_is_told_once(books, platform):
    paper, moment = await issued(books), now()
    for _time in range(2):
        platform.brings(status(paper, "207", moment, ("AUTRE", "")))
    for _look in range(5):
        await inbox.poll()
    assert await told_codes(paper) == ["207"]
    assert await db.value("SELECT count(*) FROM invoice_acceptance WHERE invoice_id = $1", paper["id"]) == 1


async def test_many_pages_are_all_read_and_a_page_that_fails_loses_nothing(books, platform):
    paper, platform.page = await issued(books), 2
    start = now() - timedelta(minutes=30)
    for minute in range(7):
        platform.brings(status(paper, "208", start + timedelta(minutes=minute), ("JUSTIF_ABS", "")))
    platform.fails("POST /v1/flows/search", None, 500)
    with pytest.raises(Unreachable):
        await inbox.poll()
    await inbox.poll()
    assert await told_codes(paper) == ["208"] * 7


@pytest.mark.parametrize(
    "body",
    [
        b"", b"not xml", b"<other/>", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>", b"\x00\xff" * 40,
        cdar.NS["rsm"].encode(), b"<a>" * 5000,
    ],
)  # fmt: skip
async def test_what_cannot_be_read_moves_nothing_and_is_said(books, platform, client, body):
    paper = await issued(books)
    platform.brings(body)
    await inbox.poll()
    await inbox.poll()
    assert await told_codes(paper) == []
    assert await db.value("SELECT count(*) FROM platform_flow WHERE state = 'unreadable'") == 1
    assert "illisible" in (await client(books.cast.fanny).get("/factures/electronique/envois")).text


@pytest.mark.parametrize("forged", [{"siren": "999999999"}, {"number": "AP0002-2026-9999"}])
async def test_a_status_of_another_seller_or_of_no_paper_moves_nothing(books, platform, forged):
    paper = await issued(books)
    platform.brings(status(paper, "210", reason=("AUTRE", ""), **forged))
    await inbox.poll()
    assert await told_codes(paper) == []
    assert await db.value("SELECT fault FROM platform_flow WHERE direction = 'in'") == "no_such_paper"
    assert await blocks(books) == [""]


async def test_a_status_that_the_law_does_not_know_moves_nothing(books, platform):
    paper = await issued(books)
    platform.brings(status(paper, "999"))
    await inbox.poll()
    assert await told_codes(paper) == []
    assert await db.value("SELECT state FROM platform_flow WHERE direction = 'in'") == "unreadable"


async def test_what_was_deposited_is_accepted_or_refused_by_the_checks(books, platform):
    await issued(books)
    await work_off()
    platform.checks(fault=("InvalidSchema", "line 12"))
    await inbox.poll()
    flow = await db.row("SELECT state, fault FROM platform_flow")
    assert (flow["state"], flow["fault"]) == ("refused", "InvalidSchema : line 12")


@pytest.mark.parametrize("code", ["210", "213"])
async def test_what_ended_is_rectified_by_another_paper_and_what_takes_it_back_stays_in_the_books(
    books, platform, client, code
):
    paper = await issued(books)
    platform.brings(status(paper, code, reason=("DOUBLON", "")))
    platform.brings(status(paper, "207", now() + timedelta(minutes=1), ("AUTRE", "")))
    await inbox.poll()
    fanny = client(books.cast.fanny)
    listed = (await fanny.get("/factures/a-rectifier")).text
    assert paper["number"] in listed
    assert words.STATUS_LABELS[code].split()[0] in listed
    todo = await db.row("SELECT * FROM paper_to_rectify")
    assert todo
    assert (todo["cause"], todo["state"], todo["invoice_id"]) == ("platform", "open", paper["id"])
    shown = (await fanny.get(f"/factures/a-rectifier/{todo['ref']}")).text
    assert "Facture en double" in shown
    assert "Une annulation de toute la pièce, puis une nouvelle" in shown
    answer = await fanny.post_form(
        f"/factures/a-rectifier/{todo['ref']}", outcome="rectified", reason="Refusée : on recommence"
    )
    assert answer.status_code == 303
    kinds = await db.rows("SELECT id, kind, net_cents FROM invoice ORDER BY id")
    assert [(row["kind"], row["net_cents"]) for row in kinds] == [
        ("self_billed", 500_00), ("credit_note", 500_00), ("self_billed", 500_00),
    ]  # fmt: skip
    await work_off()
    gone = await db.rows(
        "SELECT invoice_id FROM platform_flow WHERE direction = 'out' AND content = 'invoice'"
    )
    assert {row["invoice_id"] for row in gone} == {kinds[0]["id"], kinds[2]["id"]}
    assert await db.value("SELECT state FROM paper_to_rectify") == "rectified"
    assert paper["number"] not in (await fanny.get("/factures/electronique")).text
