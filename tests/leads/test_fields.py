"""Fields of a programme and the company's reasons: asked, answered, corrected, seen by whom they may, forgotten."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.leads import api
from portal.leads.fields import answers, asking, reasons
from portal.leads.fields.rules import KINDS, Wrong, key_from, parse_choices, read, written_choices
from portal.leads.prospect.erasing import erase_lead
from tests.clients.lists import TWO, WORDS, field
from tests.stories import contract_of, moved, open_a_programme, recommended

TYPED = {
    "company": "Atelier Morin", "phone": "06 12 34 56 78", "need": "Un toit", "agreed": "spoken", "agreed_on": "2026-11-20",
}  # fmt: skip
HOSTILE = [
    "<script>alert(1)</script>",
    "=1+1",
    "'; DROP TABLE lead; --",
    "🔥" * 20,
    "a\u202eb",
    "{{ 7 * 7 }}",
    "%(name)s",
]


@pytest.fixture
async def plan(cast):
    return await open_a_programme()


@pytest.fixture
async def contract(cast, plan):
    return await contract_of(cast.rachel, plan)


def asked(kind, **said):
    return {"kind": kind, "required": False, "choices": TWO if kind == "choice" else [], **said}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", " Ardoise ", "Ardoise"),
        ("long", "Deux\nlignes", "Deux\nlignes"),
        ("number", "1 200,50", Decimal("1200.50")),
        ("number", "-3", Decimal(-3)),
        ("amount", "12 000,50 €", 1_200_050),
        ("day", "12/03/2027", date(2027, 3, 12)),
        ("choice", "neuf", "neuf"),
        ("yes", "1", True),
        ("yes", "0", False),
        ("phone", "06 12 34 56 78", "+33612345678"),
        ("email", "Claire@Morin.example", "claire@morin.example"),
        ("postcode", "69 003", "69003"),
    ],
)
def test_an_answer_is_kept_as_what_it_is(kind, typed, kept):
    assert read(asked(kind), typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", "x" * 201), ("long", "x" * 501), ("number", "douze"), ("number", "1e5"), ("number", "1.23456"),
        ("number", "9" * 13), ("amount", "-12"), ("amount", "12.345,6789"), ("day", "31/02/2027"), ("choice", "autre"),
        ("choice", "Neuf"), ("yes", "oui"), ("phone", "0612"), ("email", "claire@"), ("postcode", "6900"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_answer_is_refused_with_a_sentence(kind, typed):
    with pytest.raises(Wrong) as wrong:
        read(asked(kind), typed)
    assert wrong.value.sentence.endswith((".", ")"))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_an_answer_unless_it_is_necessary(kind):
    assert read(asked(kind), "  ") is None
    with pytest.raises(Wrong):
        read(asked(kind, required=True), "  ")


@given(st.text(max_size=60))
def test_no_text_breaks_a_field_of_any_kind(typed):
    for kind in KINDS:
        try:
            kept = read(asked(kind), typed)
        except Wrong:
            continue
        assert kept is None or isinstance(kept, str | int | Decimal | date | bool)


LABELS = st.text("aàBé 0", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.lists(LABELS, min_size=2, max_size=8, unique=True))
def test_choices_are_read_again_as_they_were_written(labels):
    choices = parse_choices("\n".join(labels))
    assert len({choice["key"] for choice in choices}) == len(choices)
    assert parse_choices(written_choices(choices), choices) == choices


def test_a_choice_keeps_its_key_when_others_come_and_go():
    before = parse_choices("Neuf | New\nRénovation")
    after = parse_choices("Extension\nNeuf | Brand new", before)
    assert [(choice["key"], choice["en"]) for choice in after] == [("extension", ""), ("neuf", "Brand new")]


@pytest.mark.parametrize("typed", ["", "Un seul", "Neuf\nNeuf", "x" * 81 + "\ny", "🔥\n🌧"])
def test_a_list_of_choices_that_is_none_is_refused(typed):
    with pytest.raises(ValueError, match=r"\."):
        parse_choices(typed)


def test_two_fields_never_share_a_key():
    assert key_from("Surface du toit", {"surface_du_toit"}) == "surface_du_toit_2"
    assert key_from("🔥", set()) == "champ"


async def test_three_necessary_fields_at_most_for_the_referrer(cast, plan):
    for number in range(3):
        await field(cast, label_fr=f"Champ {number}", required=True)
    with pytest.raises(Refused) as no:
        await field(cast, label_fr="De trop", required=True)
    assert no.value.code == "required"
    await field(cast, label_fr="De trop", required=True, filled_by="prospect")  # of somebody else


async def test_a_referrer_answers_and_the_draft_keeps_it(cast, client, contract):
    await field(cast, required=True)
    await field(cast, label_fr="Type", kind="choice", choices=TWO)
    rachel = client(cast.rachel)
    form = (await rachel.get("/recommandations/nouvelle")).text
    assert "Surface du toit" in form
    assert form.index("Plus de détails") < form.index("Rénovation")  # what is optional is folded away
    await rachel.post_form(
        "/recommandations/brouillon", company="Atelier", champ_surface_du_toit="120", champ_type="neuf"
    )
    again = (await rachel.get("/recommandations/nouvelle")).text
    assert 'value="120"' in again
    missing = await rachel.post_form("/recommandations", **TYPED, champ_type="neuf")
    assert missing.status_code == 422
    assert 'id="f-champ_surface_du_toit-error"' in missing.text
    sent = await rachel.post_form(
        "/recommandations", **TYPED, champ_surface_du_toit="120,5", champ_type="neuf", postcode="69003"
    )
    assert sent.status_code == 303
    lead = await db.row("SELECT * FROM lead")
    assert lead["postcode"] == "69003"
    told = (await client(cast.sam).get(f"/recommandations/{lead['ref']}")).text
    assert "120,5" in told
    assert "Neuf" in told


async def test_what_only_the_team_sees_the_referrer_does_not(cast, client, contract):
    await field(cast, label_fr="Budget entendu", kind="amount", filled_by="sales", seen_by="staff")
    lead = await recommended(cast.rachel)
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}"
    done = await sam.post_form(
        f"{path}/renseignements", champ_budget_entendu="30 000", postcode="69003", city="Lyon", version="1"
    )
    assert done.status_code == 303
    assert "30\u202f000,00" in (await sam.get(path)).text
    theirs = (await client(cast.rachel).get(path)).text
    assert "Budget entendu" not in theirs
    old = await sam.post_form(f"{path}/renseignements", champ_budget_entendu="1", version="1")
    assert old.status_code == 409
    assert await db.value("SELECT cents_value FROM lead_field_value") == 3_000_000


async def test_the_prospect_answers_on_the_personal_link(cast, client, contract, link):
    await field(cast, label_fr="Étage", kind="number", filled_by="prospect", required=True)
    await field(cast, label_fr="Pour l'apporteur seul")
    visitor = client(None)
    shown = (await visitor.get(f"/r/{link['code']}")).text
    assert "Étage" in shown
    assert "apporteur seul" not in shown
    told = {"contact": "Claire Morin", "phone": "06 12 34 56 78", "company": "Atelier Morin"}
    wrong = await visitor.post_form(f"/r/{link['code']}", **told, champ_etage="haut")
    assert wrong.status_code == 422
    sent = await visitor.post_form(f"/r/{link['code']}", **told, champ_etage="3")
    assert sent.status_code == 303
    assert await db.value("SELECT number_value FROM lead_field_value") == 3


@pytest.mark.parametrize("typed", HOSTILE)
async def test_hostile_words_are_words(cast, client, contract, typed):
    await field(cast, label_fr=typed, kind="text", hint_fr=typed)
    key = await db.value("SELECT key FROM lead_field")
    rachel = client(cast.rachel)
    assert (await rachel.get("/recommandations/nouvelle")).status_code == 200
    sent = await rachel.post_form("/recommandations", **TYPED, **{f"champ_{key}": typed})
    assert sent.status_code == 303
    ref = await db.value("SELECT ref FROM lead")
    page = (await client(cast.sam).get(f"/recommandations/{ref}")).text
    assert "<script>alert(1)" not in page
    assert await db.value("SELECT text_value FROM lead_field_value") == typed.strip()
    programme = await db.value("SELECT ref FROM programme")
    listed = await client(cast.alice).get(f"/reglages/champs/{programme}/reponses", params={"format": "csv"})
    assert listed.status_code == 200


async def test_what_says_something_of_the_person_goes_with_them(cast, contract):
    personal = await field(cast, label_fr="Prénom du conjoint", kind="text", personal=True)
    plain = await field(cast)
    lead = await recommended(cast.rachel)
    async with deed(cast.sam.person):
        await answers.keep(lead["id"], [personal, plain], {personal["id"]: "Jean", plain["id"]: Decimal(120)})
        await erase_lead(lead["id"])
    assert [row["field_id"] for row in await db.rows("SELECT * FROM lead_field_value")] == [plain["id"]]


async def test_a_telephone_always_goes_with_the_person(cast, plan):
    assert (await field(cast, kind="phone", personal=False))["personal"]


async def test_what_was_answered_is_not_asked_otherwise(cast, contract):
    asked_now = await field(cast, label_fr="Type", kind="choice", choices=TWO)
    lead = await recommended(cast.rachel)
    async with deed(cast.sam.person):
        await answers.keep(lead["id"], [asked_now], {asked_now["id"]: "neuf"})
    answered = await asking.field_for(asked_now["ref"])
    said = {
        name: answered[name]
        for name in (
            "label_fr",
            "label_en",
            "hint_fr",
            "hint_en",
            "kind",
            "required",
            "filled_by",
            "seen_by",
            "personal",
        )
    }
    for changes, code in (({"kind": "text", "choices": []}, "kind"), ({"choices": TWO[1:] * 2}, "choices")):
        with pytest.raises(Refused) as no:
            async with deed(cast.alice.person):
                await asking.correct(answered, 1, **{**said, "choices": TWO, **changes})
        assert no.value.code == code
    async with deed(cast.alice.person):
        await asking.ask_or_retire(answered, 1, active=False)
    [row] = await answers.of_lead(lead, staff=True)
    assert answers.said(row) == "Neuf"  # retired, and still read where it was given


async def test_other_software_answers_by_key(cast, client, contract):
    await field(cast, label_fr="Budget", kind="amount", required=True)
    await field(cast, label_fr="Urgent", kind="yes")
    fields = await asking.asked_of("referrer", await db.value("SELECT id FROM programme"))
    given = api._answers(fields, {"budget": 1_200_050, "urgent": False})
    assert set(given.values()) == {1_200_050, False}
    assert api._answers(fields, None) == {}  # what other software leaves out is not insisted upon
    for wrong in ({"inconnu": 1}, {"budget": "beaucoup"}, ["budget"], {"urgent": "peut-être"}):
        with pytest.raises(api.Unprocessable):
            api._answers(fields, wrong)


# Reasons


async def test_the_reasons_that_came_with_the_portal_are_offered_in_their_order(cast):
    assert [code for code, _label in await reasons.reasons("lose")] == [
        "price",
        "competitor",
        "no_budget",
        "postponed",
        "no_answer",
        "other",
    ]
    assert dict(await reasons.reasons("reject"))["already_client"] == "Cette entreprise est déjà cliente"


async def test_a_reason_of_the_house_is_given_and_the_referrer_reads_the_gentler_sentence(
    cast, client, contract
):
    async with deed(cast.alice.person):
        await reasons.add("reject", {**WORDS, "told_fr": "Cette entreprise travaille déjà avec quelqu'un."})
    lead = await recommended(cast.rachel)
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}"
    assert "Déjà en compte chez un confrère" in (await sam.get(path)).text
    done = await sam.post_form(f"{path}/refus", reason="deja_en_compte_chez_un_confrer", version="1")
    assert done.status_code == 303
    assert "Déjà en compte chez un confrère" in (await sam.get(path)).text
    theirs = (await client(cast.rachel).get(path)).text
    assert "travaille déjà avec quelqu" in theirs
    assert "confrère" not in theirs
    await work_off()
    mailed = await db.value("SELECT text_body FROM mail_message WHERE kind = 'leads.moved'")
    assert "travaille déjà avec quelqu" in mailed


async def test_a_retired_reason_is_no_longer_offered_and_still_read(cast, contract):
    lead = await moved(await recommended(cast.rachel), cast.sam, "reject", reason="unreachable")
    reason = await db.row("SELECT * FROM lead_reason WHERE code = 'unreachable'")
    async with deed(cast.alice.person):
        await reasons.show_or_hide(reason, 1, active=False)
    assert "unreachable" not in dict(await reasons.reasons("reject"))
    assert (await reasons.words(staff=True))["reject", lead["reason"]] == "Le contact est injoignable"


async def test_the_last_reason_stays(cast):
    rows = await db.rows("SELECT * FROM lead_reason WHERE move = 'lose' ORDER BY id")
    for row in rows[1:]:
        async with deed(cast.alice.person):
            await reasons.show_or_hide(row, 1, active=False)
    with pytest.raises(Refused, match="last_reason"):
        async with deed(cast.alice.person):
            await reasons.show_or_hide(rows[0], 1, active=False)
    assert len(await reasons.reasons("lose")) == 1


async def test_a_reason_rises_in_its_list_and_is_reworded(cast, client):
    alice = client(cast.alice)
    second = await db.row("SELECT * FROM lead_reason WHERE code = 'competitor'")
    assert (await alice.post_form(f"/reglages/motifs/{second['ref']}/montee", version="1")).status_code == 303
    assert [code for code, _label in await reasons.reasons("lose")][:2] == ["competitor", "price"]
    path = f"/reglages/motifs/{second['ref']}"
    changed = await alice.post_form(path, label_fr="Un autre a gagné", version="2")
    assert changed.status_code == 303
    assert dict(await reasons.reasons("lose"))["competitor"] == "Un autre a gagné"
    twice = await alice.post_form(path, label_fr="Le prix", version="3")
    assert "Un motif porte déjà ce nom." in twice.text


async def test_a_reason_left_as_it_came_keeps_its_translation(cast, client):
    price = await db.row("SELECT * FROM lead_reason WHERE code = 'price'")
    async with deed(cast.alice.person):
        await reasons.reword(price, 1, {**WORDS, "label_fr": "Le prix", "told_fr": "Un autre choix."})
    assert await db.value("SELECT label_fr FROM lead_reason WHERE code = 'price'") == ""
