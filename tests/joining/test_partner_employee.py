"""The gates of an employee of a partner: pure rules first, then the pages, then the consent of the employer."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.jobs.queue import TASKS
from portal.kit import db, files
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.people import actions as people
from portal.referrers import access, actions
from portal.referrers.joining import employing
from portal.referrers.joining.partner_employee import GATES, Effect, Gate, effect_of, outcome
from tests.cast import Cast, Client, Member, _signed_in
from tests.contracts.stories import last_code
from tests.joining.stories import last_mail, path_in

CLEAR = {"job": "yes", "trade": "yes", "profession": "no", "group": "no", "public": "no", "payee": "myself"}
EMPLOYER = {
    "name": "Garnier",
    "siren": "552 100 554",
    "contact": "Luc Garnier",
    "email": "luc@garnier.example",
}
CODES = {question.gate.value: [choice.code for choice in question.choices] for question in GATES}
ANSWERS = st.fixed_dictionaries({}, optional={gate: st.sampled_from(codes) for gate, codes in CODES.items()})
WHOLE = st.fixed_dictionaries({gate: st.sampled_from(codes) for gate, codes in CODES.items()})


@given(ANSWERS)
def test_nobody_is_through_while_a_gate_is_unanswered(answers):
    if len(answers) < len(GATES):
        assert not outcome(answers).is_open


@given(WHOLE)
def test_all_answered_it_is_open_or_refused_never_both(answers):
    found = outcome(answers)
    assert found.gate is None
    assert found.is_open != bool(found.refused)


@given(WHOLE)
def test_whoever_gives_one_refusing_answer_is_refused(answers):
    refusing = [gate for gate, code in answers.items() if effect_of(Gate(gate), code) is Effect.REFUSED]
    assert bool(outcome(answers).refused) == bool(refusing)
    assert outcome(answers).refused in ("", *refusing)


@given(ANSWERS, WHOLE)
def test_a_further_answer_never_undoes_a_refusal_nor_the_full_contributions(known, whole):
    before, after = outcome(known), outcome({**whole, **known})
    assert not before.refused or after.refused == before.refused
    assert before.customary or not after.customary


@given(WHOLE)
def test_the_favourable_regime_needs_both_a_contact_with_customers_and_the_usage_of_the_trade(answers):
    assert outcome(answers).customary == (answers["job"] == "yes" and answers["trade"] == "yes")


@given(st.text(max_size=10), st.sampled_from(list(Gate)))
def test_what_is_no_answer_opens_nothing(code, gate):
    if code not in CODES[gate]:
        assert outcome({**CLEAR, gate.value: code}).gate is gate


def test_every_refusal_says_why():
    for question in GATES:
        refuses = any(choice.effect is Effect.REFUSED for choice in question.choices)
        assert bool(question.refusal) == refuses


# -- the pages


@pytest.fixture
async def nina(cast) -> Member:
    """Invited by Sam, her account just opened."""
    async with deed(cast.sam.person):
        made = await actions.invite("nina@perso.example", "Nina", "Roche", sales_user_id=cast.sam.user_id)
        user = await db.row("SELECT * FROM app_user WHERE email = 'nina@perso.example'")
        await people.accept(user["id"], "Nina Roche", "")
        seat_id = await db.value("SELECT id FROM membership WHERE referrer_id = $1", made["id"])
        return await _signed_in(user["id"], seat_id)


async def answers(browser: Client, **otherwise: str) -> str:
    for gate, answer in {**CLEAR, **otherwise}.items():
        await browser.post_form("/profil/employeur/reponse", gate=gate, answer=answer)
    return (await browser.get("/profil/employeur")).text


async def asked(browser: Client, **otherwise: str) -> str:
    """Through all the gates, the employer named and asked; the path that his mail opens."""
    await answers(browser, **otherwise)
    await browser.post_form("/profil/employeur/coordonnees", **EMPLOYER)
    await browser.post_form("/profil/employeur/accord")
    return path_in(await last_mail(EMPLOYER["email"]))


async def consents(employer: Client, path: str, code: str = "") -> int:
    await employer.post_form(f"{path}/code")
    answer = await employer.post_form(
        f"{path}/accord", signer="Luc Garnier", capacity="gérant", consent="1",
        code=code or await last_code("referrers.consent_code"),
    )  # fmt: skip
    return answer.status_code


async def test_the_profile_asks_for_the_gates_first(nina, client):
    browser = client(nina)
    page = await browser.get("/profil/coordonnees?statut=partner_employee")
    assert page.headers["location"] == "/profil/employeur"
    sent = await browser.post_form("/profil/coordonnees", status="partner_employee")
    assert sent.headers["location"] == "/profil/employeur"


async def test_what_the_employer_will_be_told_is_shown_before_joining(nina, client):
    browser = client(nina)
    await answers(browser)
    page = (await browser.post_form("/profil/employeur/coordonnees", **EMPLOYER)).headers["location"]
    shown = (await browser.get(page)).text
    assert "Ce que votre employeur apprendra" in shown
    assert "273,45" in shown  # 15 % of 1 823,03
    assert "45,31" in shown  # 20 % of 500 − 273,45
    assert await db.value("SELECT count(*) FROM mail_message WHERE to_email = $1", EMPLOYER["email"]) == 0


async def test_agreed_the_employer_is_asked_and_the_profile_opens(nina, client):
    browser = client(nina)
    await asked(browser)
    file = await employing.file_of(nina.referrer_id)
    assert (file["state"], file["customary"]) == ("agreed", True)
    shown = employing.told(await employing.sample(await access.referrer(nina.referrer_id), True))
    assert file["agreed_sha256"] == hashlib.sha256(shown.encode()).digest()
    page = await browser.get("/profil/coordonnees?statut=partner_employee")
    assert 'value="Garnier"' in page.text


async def test_the_employer_consents_by_a_code_and_a_proof_is_kept(nina, client):
    path = await asked(client(nina))
    employer = client()
    assert "Nina Roche" in (await employer.get(path)).text
    assert await consents(employer, path) == 303
    consent = await employing.latest_consent(nina.referrer_id)
    assert (consent["state"], consent["signer_name"], consent["capacity"]) == (
        "given",
        "Luc Garnier",
        "gérant",
    )
    referrer = await access.referrer(nina.referrer_id)
    assert referrer["employer_consent_file"] == consent["file_id"]
    proof = (await files.content(await files.by_id(consent["file_id"]))).decode()
    assert consent["words_sha256"].hex() in proof
    assert "Luc Garnier, gérant" in proof
    assert (await last_mail("nina@perso.example"))["kind"] == "referrers.consent_given"


async def test_a_wrong_code_gives_nothing_and_five_are_enough(nina, client):
    path = await asked(client(nina))
    employer = client()
    await employer.post_form(f"{path}/code")
    right = await last_code("referrers.consent_code")
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for code in [*[wrong] * 5, right]:
        answer = await employer.post_form(
            f"{path}/accord", signer="Luc", capacity="gérant", consent="1", code=code
        )
        assert answer.status_code == 422
    assert (await employing.latest_consent(nina.referrer_id))["state"] == "asked"


async def test_a_link_of_nobody_opens_nothing(nina, client):
    path = await asked(client(nina))
    assert (await client().get(path[:-1] + ("1" if path[-1] != "1" else "2"))).status_code == 404


async def test_withdrawn_by_the_employer_nothing_is_paid_any_more(nina, client):
    path = await asked(client(nina))
    employer = client()
    await consents(employer, path)
    await employer.post_form(f"{path}/refus")
    assert (await access.referrer(nina.referrer_id))["employer_consent_file"] is None
    assert (await employing.latest_consent(nina.referrer_id))["state"] == "withdrawn"
    kinds = await db.rows("SELECT kind FROM mail_message WHERE kind LIKE 'referrers.consent_over%'")
    assert len(kinds) == 2  # Nina and Sam


async def test_a_consent_lasts_a_year_is_recalled_a_month_before_and_then_blocks(nina, client):
    path = await asked(client(nina))
    await consents(client(), path)
    for days, (recalled, on_file) in {
        300: (0, True),
        340: (1, True),
        345: (1, True),
        367: (1, False),
    }.items():
        with clock_at(now() + timedelta(days=days)):
            await TASKS["referrers.lapse_employer_consents"]()
        assert (
            await db.value("SELECT count(*) FROM mail_message WHERE kind = 'referrers.consent_ends'")
            == recalled
        )
        file = (await access.referrer(nina.referrer_id))["employer_consent_file"]
        assert (file is not None) == on_file


async def test_not_in_contact_with_customers_the_full_contributions_are_said(nina, client):
    browser = client(nina)
    await answers(browser, job="no")
    await browser.post_form("/profil/employeur/coordonnees", **EMPLOYER)
    page = (await browser.get("/profil/employeur")).text
    assert "dès le premier euro" in page
    assert "273,45" not in page


@pytest.mark.parametrize(("gate", "code", "said"), [
    ("profession", "yes", "Votre profession vous interdit"),
    ("group", "yes", "du même groupe"),
    ("public", "buyer", "acheteur public"),
])  # fmt: skip
async def test_refused_with_the_reason(nina, client, gate, code, said):
    browser = client(nina)
    page = await answers(browser, **{gate: code})
    assert said in page
    assert (await employing.file_of(nina.referrer_id))["state"] == "refused"
    assert (await browser.post_form("/profil/employeur/coordonnees", **EMPLOYER)).status_code == 422
    assert (await browser.get("/profil/coordonnees?statut=partner_employee")).status_code == 303


async def test_an_employer_of_the_group_is_refused_whatever_was_answered(cast: Cast, nina, client):
    await client(cast.alice).post_form("/reglages/groupe", sirens="552100554", domains="")
    browser = client(nina)
    await answers(browser)
    await browser.post_form("/profil/employeur/coordonnees", **EMPLOYER)
    assert "du même groupe" in (await browser.get("/profil/employeur")).text


async def test_a_public_agent_shows_the_leave_of_the_administration(nina, client):
    browser = client(nina)
    await answers(browser, public="agent")
    await browser.post_form("/profil/employeur/coordonnees", **EMPLOYER)
    assert "Autorisation de cumul" in (await browser.get("/profil/employeur")).text
    assert (await browser.post_form("/profil/employeur/accord")).status_code == 409
    bad = await browser.post_form(
        "/profil/employeur/autorisation", files={"file": ("a.exe", b"MZ\x00", "application/pdf")}
    )
    assert bad.status_code == 422
    picture = await files.keep(files.Store.UPLOADS, b"x", media_type="image/png", name="a.png")
    async with deed(nina.person):
        await employing.keep_authorisation(nina.referrer_id, picture)
    assert "Ce que votre employeur apprendra" in (await browser.get("/profil/employeur")).text


async def test_by_default_the_employer_is_invited_and_signs_himself(nina, client):
    browser = client(nina)
    page = await answers(browser, payee="employer")
    assert "Inviter mon employeur" in page
    await browser.post_form("/profil/employeur/coordonnees", **EMPLOYER)
    invited = await access.referrer_by_email(EMPLOYER["email"])
    assert invited["company_name"] == "Garnier"
    assert (await employing.file_of(nina.referrer_id))["state"] == "by_employer"


async def test_nobody_is_their_own_employer(nina, client):
    browser = client(nina)
    await answers(browser)
    answer = await browser.post_form(
        "/profil/employeur/coordonnees", **{**EMPLOYER, "email": "nina@perso.example"}
    )
    assert answer.status_code == 422


async def test_refused_by_mistake_they_begin_anew(nina, client):
    browser = client(nina)
    await answers(browser, group="yes")
    await browser.post_form("/profil/employeur/reprise")
    assert outcome((await employing.file_of(nina.referrer_id))["answers"]).gate is Gate.JOB


async def test_a_consent_on_paper_lasts_a_year_too(cast, nina, client):
    kept = await files.keep(files.Store.UPLOADS, b"scan", media_type="application/pdf", name="accord.pdf")
    async with deed(cast.sam.person):
        await employing.record_paper(await access.referrer(nina.referrer_id), kept)
    consent = await employing.latest_consent(nina.referrer_id)
    assert (consent["state"], consent["expires_at"].year) == ("given", today().year + 1)
