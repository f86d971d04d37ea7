"""Every domain says what it holds about people; what is handed over is theirs alone."""

import pkgutil
from importlib.util import find_spec

import portal
from portal import privacy
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.law import retention


def test_every_domain_with_tables_says_what_it_holds():
    domains = {
        p.name
        for p in pkgutil.iter_modules(portal.__path__)
        if p.ispkg and find_spec(f"portal.{p.name}.tables")
    }
    assert domains - set(privacy.PRIVACY) == set()


def test_every_period_is_one_that_the_law_knows():
    periods = {holds.until for holds in privacy.PRIVACY.values() if holds.until}
    known = {code.removeprefix("retention.").rpartition("_")[0] for code in retention.FIGURES}
    assert periods - known == set()


async def test_somebody_receives_what_is_theirs_and_nothing_of_others(cast):
    handed = await privacy.export(cast.rachel.user_id, cast.rachel.referrer_id)
    assert [row["email"] for row in handed["people.account"]] == [cast.rachel.email]
    assert len(handed["referrers.profile"]) == 1
    assert "stefan" not in str(handed).lower()


async def test_staff_receives_no_referrer(cast):
    handed = await privacy.export(cast.sam.user_id, None)
    assert handed["referrers.profile"] == []


async def test_erased_mails_say_nothing_any_more_and_those_of_others_stay(cast):
    others = await db.value(
        "SELECT count(*) FROM mail_message WHERE to_user <> $1 AND text_body <> ''", cast.rachel.user_id
    )
    async with deed(Machine("test")):
        await privacy.erase(cast.rachel.user_id)
    assert (
        await db.rows(
            "SELECT 1 FROM mail_message WHERE to_user = $1 AND text_body || to_email || subject <> ''",
            cast.rachel.user_id,
        )
        == []
    )
    assert (
        await db.value(
            "SELECT count(*) FROM mail_message WHERE to_user <> $1 AND text_body <> ''", cast.rachel.user_id
        )
        == others
    )
