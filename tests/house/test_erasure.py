"""Somebody asks to be erased: a name planted wherever they can leave it is found afterwards only where the law keeps it."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest

from portal import privacy
from portal.house.tasks import forget_what_is_past
from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.days import clock_at, now, today
from portal.kit.deed import Machine, deed
from portal.people import erasure_requests
from portal.people.access import user
from portal.people.rules import Seat
from portal.privacy_columns import KEPT, columns_of, undeclared
from portal.referrers import actions as referrers
from tests.cast import PASSWORD
from tests.contracts.stories import colleague_of, in_force

OWN, QUEUE = "/compte/donnees", "/reglages/effacements"
NAME, MAIL, PHONE, IBAN = "Zéphyrine Quatrevaux", "zephyrine@quatrevaux.example", "+33600998877", "FR7630006000011234567890189"  # fmt: skip
# The end of her account number counts as a word of its own: four figures stand in many a digest by chance.
PLANTED = re.compile(r"quatrevaux|z[eé]phyrine|600998877|345678901|\b0189\b", re.IGNORECASE)


@pytest.fixture
async def zephyrine(cast, client):
    """She was invited, applied, wrote, uploaded, was written to and looked at; no contract binds her."""
    rachel = cast.rachel
    async with deed(cast.sam.person):
        referrer = await db.row("SELECT * FROM referrer WHERE id = $1", rachel.referrer_id)
        await referrers.change_identity(
            referrer, first_name="Zéphyrine", last_name="Quatrevaux", email=MAIL, phone=PHONE
        )
        await db.execute("UPDATE app_user SET name = $2, email = $3, phone = $4 WHERE id = $1", rachel.user_id, NAME, MAIL, PHONE)  # fmt: skip
        await referrers.give_bank_detail(rachel.referrer_id, NAME, IBAN)
        kept = await files.keep("uploads", NAME.encode(), media_type="text/plain", name=f"{NAME}.txt")
        await files.attach(kept, "import", await _an_import())
        await db.execute("UPDATE session SET agent = $2 WHERE user_id = $1", rachel.user_id, NAME)
    hers = client(rachel)
    await hers.post_form("/connexion/lien", email=MAIL)
    await client(cast.sam).post_form(
        f"/apporteurs/{referrer['ref']}/vue", reason=f"{NAME} a demandé de l'aide"
    )
    async with deed(Machine("test")):
        await referrers.make_findable(rachel.referrer_id)
    await work_off()
    return rachel


async def _an_import() -> int:
    import_id = await db.insert(
        "import_file",
        ref="IMPORT0001", kind="referrers", name=f"{NAME}.csv", sha256=b"1", mapping={}, columns=[{"samples": [MAIL]}], options={},
        state="applied", at=now(),
    )  # fmt: skip
    await db.insert(
        "import_fault",
        import_id=import_id, line=2, column_title="E-mail", value=MAIL, code="x", params={"typed": NAME}, warning=False,
    )  # fmt: skip
    return import_id


async def found() -> set[str]:
    """Every column that still tells of her: text, data, lists and bytes of every table."""
    told = set()
    for table, columns in (await columns_of()).items():
        for column in columns:
            rows = await db.rows(f'SELECT "{column}" AS said FROM "{table}" WHERE "{column}" IS NOT NULL')
            if any(PLANTED.search(text_of(row["said"])) for row in rows):
                told.add(f"{table}.{column}")
    return told


def text_of(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


async def test_a_name_planted_everywhere_is_found_nowhere_but_where_the_law_keeps_it(zephyrine):
    before = await found()
    assert {"app_user.name", "referrer.last_name", "mail_message.to_email", "bank_detail.holder", "search_row.title",
            "import_fault.value", "seeing.reason", "session.agent", "stored_file.name"} <= before  # fmt: skip
    async with deed(Machine("test")):
        await privacy.erase(zephyrine.user_id)
    left = await found()
    assert left - {f"{table}.{column}" for table, kept in KEPT.items() for column in kept.columns} == set()
    assert left == set()  # nothing binds her: the law keeps nothing


async def test_what_was_signed_keeps_its_name_and_nothing_else_does(cast, client):
    await in_force(cast, cast.rachel)
    async with deed(Machine("test")):
        await privacy.erase(cast.rachel.user_id)
    row = await db.row(
        "SELECT first_name, last_name, email, phone, state FROM referrer WHERE id = $1",
        cast.rachel.referrer_id,
    )
    assert (row["first_name"], row["last_name"]) == ("Rachel", "Vidal")
    assert (row["email"], row["phone"], row["state"]) == ("", "", "closed")
    assert (await user(cast.rachel.user_id))["name"] == "—"
    assert await db.value("SELECT count(*) FROM signature_proof WHERE signer_name = 'Rachel Vidal'") > 0


async def test_erasing_twice_is_harmless(zephyrine):
    for _time in range(2):
        async with deed(Machine("test")):
            await privacy.erase(zephyrine.user_id)
    assert await found() == set()


async def test_history_holds_ids_and_codes_only(zephyrine):
    said = await db.rows("SELECT what, actor, subject_kind, data::text AS data FROM history_event")
    assert [row["what"] for row in said if PLANTED.search(str(tuple(row)))] == []


async def test_every_column_is_declared_erased_kept_or_not_personal(base):
    assert await undeclared() == []


# On request


async def test_a_referrer_takes_everything_along_at_once(cast, client):
    answer = await client(cast.rachel).get(f"{OWN}/copie")
    bag = zipfile.ZipFile(io.BytesIO(answer.content))
    assert {"donnees.json", "donnees.html", "csv/people.account.csv", "csv/referrers.profile.csv"} <= set(
        bag.namelist()
    )
    told = json.loads(bag.read("donnees.json"))
    assert told["people.account"][0]["email"] == cast.rachel.email
    assert "Vidal" in bag.read("donnees.html").decode()
    assert "stefan" not in bag.read("donnees.json").decode().lower()


async def test_a_request_waits_a_month_at_most_and_is_carried_out_by_an_administrator(cast, client):
    rachel, alice = client(cast.rachel), client(cast.alice)
    assert (await rachel.post_form(f"{OWN}/effacement", secret="pas celui-ci")).status_code == 422
    assert (await rachel.post_form(f"{OWN}/effacement", secret=PASSWORD)).status_code == 303
    waiting = await erasure_requests.waiting_of(cast.rachel.user_id)
    assert waiting
    assert timedelta(days=28) <= waiting["due_on"] - today() <= timedelta(days=31)
    assert "Rachel Vidal" in (await alice.get(QUEUE)).text
    assert (await alice.post_form(f"{QUEUE}/{waiting['ref']}/execution")).status_code == 303
    assert (await rachel.get("/compte")).status_code == 303
    assert "Rachel" not in (await alice.get(QUEUE)).text


async def test_twice_asked_is_once_and_withdrawn_is_over(cast, client):
    rachel = client(cast.rachel)
    await rachel.post_form(f"{OWN}/effacement", secret=PASSWORD)
    assert (await rachel.post_form(f"{OWN}/effacement", secret=PASSWORD)).status_code == 409
    await rachel.post_form(f"{OWN}/effacement/retrait")
    assert await erasure_requests.waiting_of(cast.rachel.user_id) is None


async def test_nobody_is_erased_whom_a_contract_binds(cast, client):
    await in_force(cast, cast.rachel)
    await client(cast.rachel).post_form(f"{OWN}/effacement", secret=PASSWORD)
    waiting = await erasure_requests.waiting_of(cast.rachel.user_id)
    assert waiting
    answer = await client(cast.alice).post_form(f"{QUEUE}/{waiting['ref']}/execution")
    assert answer.status_code == 409
    assert "y mettre fin" in answer.text
    assert (await user(cast.rachel.user_id))["email"] == cast.rachel.email


async def test_a_refusal_is_sent_with_its_reason(cast, client):
    await client(cast.rachel).post_form(f"{OWN}/effacement", secret=PASSWORD)
    waiting = await erasure_requests.waiting_of(cast.rachel.user_id)
    assert waiting
    alice = client(cast.alice)
    assert (await alice.post_form(f"{QUEUE}/{waiting['ref']}/refus", reason="non")).status_code == 422
    await alice.post_form(
        f"{QUEUE}/{waiting['ref']}/refus", reason="Un litige est en cours devant le tribunal."
    )
    told = await db.row("SELECT kind, text_body FROM mail_message ORDER BY id DESC LIMIT 1")
    assert told["kind"] == "people.erasure_refused"
    assert "devant le tribunal" in told["text_body"]


async def test_an_accountant_takes_only_their_own_account_along(cast, client):
    hers = client(await colleague_of(cast.remi, Seat.ACCOUNTANT))
    bag = zipfile.ZipFile(io.BytesIO((await hers.get(f"{OWN}/copie")).content))
    assert "csv/referrers.profile.csv" not in bag.namelist()


async def test_the_last_administrator_cannot_be_erased(cast):
    with pytest.raises(erasure_requests.Refused):
        async with deed(Machine("test")):
            await privacy.erase(cast.alice.user_id)


# By the clock


async def test_an_account_unused_for_two_years_is_told_then_erased_a_month_later(cast):
    async with deed(Machine("test")):
        guest = await db.insert(
            "app_user",
            ref="DORMANT001", email="dormant@exemple.fr", name="Dormant", state="active", created_at=now(),
        )  # fmt: skip
    begun = now()
    for days, name, told in ((729, "Dormant", 0), (732, "Dormant", 1), (760, "Dormant", 1), (763, "—", 1)):
        with clock_at(begun + timedelta(days=days)):
            await forget_what_is_past()
            assert (await user(guest))["name"] == name, days
            assert (
                await db.value(
                    "SELECT count(*) FROM mail_message WHERE kind = 'people.idle' AND to_user = $1", guest
                )
                == told
            )


async def test_whom_a_contract_binds_stays_however_long_they_are_away(cast):
    await in_force(cast, cast.rachel)
    for years in (3, 4):
        with clock_at(now() + timedelta(days=366 * years)):
            await forget_what_is_past()
    assert (await user(cast.rachel.user_id))["name"] == "Rachel Vidal"


async def test_mails_are_forgotten_after_a_year_and_files_taken_in_after_ninety_days(zephyrine):
    for days, mails, file in ((89, True, True), (92, True, False), (364, True, False), (367, False, False)):
        with clock_at(now() + timedelta(days=days)):
            await forget_what_is_past()
            assert bool(await db.value("SELECT count(*) FROM mail_message WHERE to_user = $1 AND text_body <> ''", zephyrine.user_id)) == mails  # fmt: skip
            assert bool(await db.value("SELECT count(*) FROM import_file WHERE name <> ''")) == file
