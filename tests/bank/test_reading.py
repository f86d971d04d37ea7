"""Whatever version, prefix or alphabet a bank writes in, the same is read; what is no message of a bank is refused in plain words."""

import gzip
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.deals.cashing.statements import read_statement
from portal.kit.camt import read_camt
from portal.kit.invalid import MESSAGES, Invalid
from portal.payouts.bank.reading import Kind, read_bank_file
from portal.payouts.bank.reasons import REASONS, reason_said
from tests.bank.messages import OURS, Entry, Stated, Status, camt, pain002
from tests.invoicing.books import IBANS

DAY = date(2026, 11, 20)
DEBIT = Entry(
    432_00, DAY, "VIR-2026-1-AAA", iban=IBANS["remi"], name="Rémi Œuvre", label="Commissions F-1", ref="A1"
)
RETURN = Entry(432_00, DAY, "VIR-2026-1-AAA", credit=True, reason="AC04", iban=IBANS["remi"], ref="A2")
INCOME = Entry(120_00, DAY, credit=True, name="Lumière SAS", label="F-2026-031", iban=IBANS["mina"], ref="A3")
BOTH = Stated((DEBIT, RETURN, INCOME), opening=1_000_00, closing=1_120_00)


@pytest.mark.parametrize("version", [2, 4, 8, 10])
@pytest.mark.parametrize("kind", ["053", "054"])
def test_every_version_tells_the_same(kind: str, version: int):
    read = read_bank_file(camt(BOTH, version=version, kind=kind))
    assert read.format == f"camt.{kind}"
    debit, back, income = read.facts_of(OURS)
    assert (debit.kind, debit.amount_cents, debit.end_to_end_id, debit.iban) == (
        Kind.DEBIT,
        432_00,
        "VIR-2026-1-AAA",
        IBANS["remi"],
    )
    assert (debit.name, debit.label, debit.said_on) == ("Rémi Œuvre", "Commissions F-1", DAY)
    assert (back.kind, back.reason) == (Kind.RETURNED, "AC04")
    assert (income.kind, income.name) == (Kind.CREDIT, "Lumière SAS")


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "ISO-8859-15"])
@pytest.mark.parametrize("prefix", ["", "ns2"])
def test_prefixes_and_alphabets_change_nothing(encoding: str, prefix: str):
    assert read_camt(camt(BOTH, encoding=encoding, prefix=prefix)) == read_camt(camt(BOTH))


def test_balances_and_their_days_are_read_with_their_sign():
    stated = read_camt(camt(Stated((DEBIT,), opening=100_00, closing=-332_00))).statements[0]
    assert stated.opening
    assert stated.closing
    assert (stated.opening.cents, stated.closing.cents, stated.booked_cents) == (100_00, -332_00, -432_00)


def test_what_is_only_announced_does_not_count():
    stated = Stated((DEBIT, Entry(5_00, DAY, status="PDNG"), Entry(6_00, DAY, status="INFO")))
    assert len(read_camt(camt(stated)).statements[0].movements) == 1


def test_a_batch_is_one_movement_or_its_transfers():
    parts = (Entry(400_00, DAY, "A"), Entry(132_00, DAY, "B"))
    told = (
        read_camt(camt(Stated((Entry(532_00, DAY, parts=parts, batch="VIR-1", count=2),)), version=2))
        .statements[0]
        .movements
    )
    assert [(one.end_to_end_id, one.amount_cents) for one in told] == [("A", 400_00), ("B", 132_00)]
    (whole,) = read_camt(camt(Stated((Entry(532_00, DAY, batch="VIR-1", count=2),)))).statements[0].movements
    assert (whole.batch, whole.count, whole.amount_cents) == ("VIR-1", 2, 532_00)


def test_two_movements_told_alike_are_two_and_the_same_in_another_file():
    first, second = (Entry(10_00, DAY, label="FRAIS") for _ in range(2))
    ids = [one.external_id for one in read_camt(camt(Stated((first, second)))).statements[0].movements]
    again = [
        one.external_id
        for one in read_camt(camt(Stated((first, second)), message="OTHER")).statements[0].movements
    ]
    assert len(set(ids)) == 2
    assert ids == again


@given(st.lists(st.integers(1, 10**11 - 1), max_size=8), st.sampled_from([2, 8]))
def test_no_cent_is_lost_or_made(amounts: list[int], version: int):
    stated = Stated(tuple(Entry(cents, DAY, f"E{n}") for n, cents in enumerate(amounts)), on=DAY)
    read = read_camt(camt(stated, version=version)).statements[0]
    assert [one.amount_cents for one in read.movements] == amounts
    assert read.booked_cents == -sum(amounts)


# Answers to a file


@pytest.mark.parametrize("version", [3, 10])
def test_an_answer_tells_each_transfer_and_why(version: int):
    told = [Status("A", "RJCT", "AC01", 432_00, IBANS["remi"]), Status("B", "ACSP"), Status("C", "PDNG")]
    read = read_bank_file(pain002("VIR-1", told, "PART", on=DAY, version=version))
    assert [(one.kind, one.end_to_end_id, one.reason) for one in read.answers] == [
        (Kind.REJECTED, "A", "AC01"), (Kind.ACCEPTED, "B", ""),
    ]  # fmt: skip
    assert (read.answers[0].amount_cents, read.answers[0].iban) == (432_00, IBANS["remi"])


def test_what_is_said_of_the_message_and_of_its_payment_is_said_once():
    (told,) = read_bank_file(pain002("VIR-1", group="RJCT", part="RJCT", on=DAY, reason="AM04")).answers
    assert (told.kind, told.batch, told.end_to_end_id) == (Kind.REJECTED, "VIR-1", "")


def test_every_reason_has_its_words_and_an_unknown_one_is_named():
    assert all(reason_said(code) for code in REASONS)
    assert "ZZ99" in reason_said("ZZ99")
    assert reason_said("") == ""


# What is refused


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("releve.xml", camt(BOTH))
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Document><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>'
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'
)
WRONG = {
    "zip": (zipped(), "bank_packed"),
    "gzip": (gzip.compress(camt(BOTH)), "bank_packed"),
    "nothing": (b"", "file_empty"),
    "blank": (b"  \n", "file_empty"),
    "a sheet": (b"date;montant\n", "bank_not_xml"),
    "a PDF": (b"%PDF-1.7", "bank_not_xml"),
    "cut": (camt(BOTH)[:-40], "bank_broken"),
    "entities": (BOMB, "bank_entities"),
    "a file of this machine": (OUTSIDE, "bank_entities"),
    "another message": (camt(BOTH).replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt"), "bank_other_message"),
    "a page": (b"<html><body/></html>", "bank_other_message"),
    "an empty document": (b"<Document/>", "bank_other_message"),
    "an amount that is none": (camt(BOTH).replace(b"432.00", b"4e2"), "bank_broken"),
    "a third of a cent": (camt(BOTH).replace(b"432.00", b"432.003"), "bank_broken"),
    "a day that is none": (camt(BOTH).replace(b"2026-11-20", b"2026-13-45"), "bank_broken"),
    "no direction": (camt(BOTH).replace(b"DBIT", b"SOMEHOW"), "bank_broken"),
    "too large": (b"<a>" + b" " * 10_000_001 + b"</a>", "file_too_big"),
}


@pytest.mark.parametrize(("data", "code"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_refused_in_words(data: bytes, code: str):
    with pytest.raises(Invalid) as why:
        read_bank_file(data)
    assert why.value.code == code
    assert code in MESSAGES


@given(st.binary(max_size=200))
def test_no_bytes_bring_it_down(noise: bytes):
    for data in (noise, b"<" + noise, camt(BOTH)[:900] + noise):
        with pytest.raises(Invalid):
            read_bank_file(data)


# The same reader for money that came in


def test_of_a_statement_only_what_clients_paid_is_money_that_came_in():
    read = read_statement(camt(BOTH))
    (money,) = read.money
    assert (money.total_cents, money.payer, money.label, money.account_end) == (
        120_00,
        "Lumière SAS",
        "F-2026-031",
        IBANS["mina"][-4:],
    )
    assert read.left_out == 2
    assert read_statement(camt(BOTH), IBANS["mina"]).money == ()
