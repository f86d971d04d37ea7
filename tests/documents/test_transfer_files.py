"""The file that goes to the bank."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from schwifty import IBAN

from portal.payouts.rails.sepa import (
    MAX_AMOUNT_CENTS,
    OUTSIDE_THE_SET,
    SepaLine,
    SepaRefused,
    SepaRun,
    sepa_text,
    transfer_file,
)
from tests.documents.papers import FRENCH_IBAN, GERMAN_IBAN

LINE = SepaLine(
    end_to_end_id="AP014-2026-0007",
    name="Éloïse Çelik-Nœuvéglise",
    iban=GERMAN_IBAN,
    amount_cents=65200,
    text="Commissions d’octobre 2026 – AP014-2026-0007",
    city="Köln",
    country="DE",
)
RUN = SepaRun(
    message_id="REG-2026-11-01",
    created_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC),
    executes_on=date(2026, 11, 23),
    debtor_name="Maison Vauquelin & Cie",
    debtor_iban=FRENCH_IBAN,
    lines=(
        LINE,
        replace(LINE, end_to_end_id="AP021-2026-0001", iban=FRENCH_IBAN, amount_cents=5, city="", country=""),
    ),
)


def told(run: SepaRun, path: str) -> list[str]:
    return [each.text for each in etree.fromstring(transfer_file(run)).findall(f".//{path}")]


def test_the_file_states_number_and_sum_of_its_transfers():
    """652.00 + 0.05."""
    assert told(RUN, "{*}GrpHdr/{*}NbOfTxs") == ["2"]
    assert told(RUN, "{*}GrpHdr/{*}CtrlSum") == ["652.05"]
    assert told(RUN, "{*}InstdAmt") == ["652.00", "0.05"]


def test_the_same_run_gives_the_same_file():
    assert transfer_file(RUN) == transfer_file(RUN)


def test_the_hour_is_that_of_paris():
    assert told(RUN, "{*}CreDtTm") == ["2026-11-23T00:30:00"]
    assert told(RUN, "{*}ReqdExctnDt/{*}Dt") == ["2026-11-23"]


def test_the_identifiers_are_ours():
    assert told(RUN, "{*}MsgId") == told(RUN, "{*}PmtInfId") == ["REG-2026-11-01"]
    assert told(RUN, "{*}EndToEndId") == ["AP014-2026-0007", "AP021-2026-0001"]


def test_a_bank_is_found_from_its_iban_and_a_given_one_is_kept():
    assert told(RUN, "{*}BICFI") == ["AGRIFRPPXXX", "COBADEFFXXX", "AGRIFRPPXXX"]
    assert told(replace(RUN, debtor_bic="BNPAFRPPXXX"), "{*}DbtrAgt//{*}BICFI") == ["BNPAFRPPXXX"]


def test_a_bank_that_nobody_knows_is_left_out_for_the_payee_and_named_unknown_for_the_payer():
    unknown = str(IBAN.generate("FR", "99999", "01234567890", branch_code="00001"))
    run = replace(RUN, debtor_iban=unknown, lines=(replace(LINE, iban=unknown),))
    assert told(run, "{*}DbtrAgt//{*}Id") == ["NOTPROVIDED"]
    assert told(run, "{*}CdtrAgt") == []


def test_names_and_texts_are_written_in_the_letters_of_the_banks():
    assert told(RUN, "{*}Nm") == ["Maison Vauquelin + Cie"] * 2 + ["Eloise Celik-Noeuveglise"] * 2
    assert told(RUN, "{*}Ustrd")[0] == "Commissions d'octobre 2026 - AP014-2026-0007"
    assert told(RUN, "{*}TwnNm") == ["Koln"]


@given(st.text(max_size=200), st.integers(1, 140))
def test_no_sign_outside_the_set_ever_reaches_a_bank(text: str, length: int):
    written = sepa_text(text, length)
    assert OUTSIDE_THE_SET.search(written) is None
    assert len(written) <= length


REFUSED = {
    "an empty run": {"lines": ()},
    "a wrong key of the payer": {"debtor_iban": "FR7630006000011234567890188"},
    "a wrong key of a payee": {"lines": (replace(LINE, iban="DE89370400440532013001"),)},
    "a French account whose own key is wrong": {
        "lines": (replace(LINE, iban="FR4030006000011234567890188"),)
    },
    "a bank that does not exist": {"debtor_bic": "NOT-A-BIC"},
    "an amount of nothing": {"lines": (replace(LINE, amount_cents=0),)},
    "a negative amount": {"lines": (replace(LINE, amount_cents=-5),)},
    "more than one transfer can carry": {"lines": (replace(LINE, amount_cents=MAX_AMOUNT_CENTS + 1),)},
    "a name without a letter": {"lines": (replace(LINE, name="☂ ☂"),)},
    "an identifier too long": {"lines": (replace(LINE, end_to_end_id="A" * 36),)},
    "an identifier with an accent": {"message_id": "RÈGLEMENT"},
    "an identifier with two slashes": {"message_id": "A//B"},
    "the same transfer twice": {"lines": (LINE, LINE)},
    "a day that is past": {"executes_on": date(2026, 11, 22)},
    "a country that is no code": {"lines": (replace(LINE, country="Allemagne"),)},
    "too many lines": {"lines": (LINE,) * 10_001},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_run_that_a_bank_would_reject_is_refused_here(case: str):
    with pytest.raises(SepaRefused):
        transfer_file(replace(RUN, **REFUSED[case]))


def test_the_largest_transfer_is_written_in_full():
    run = replace(RUN, lines=(replace(LINE, amount_cents=MAX_AMOUNT_CENTS),))
    assert told(run, "{*}InstdAmt") == ["999999999.99"]
