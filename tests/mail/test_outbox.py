"""A mail is two texts: its subject is one line, and in plain text nothing is escaped."""

from datetime import date

from portal.kit import db
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.plans import actions as plans
from tests.cast import Cast


async def test_the_subject_is_one_line_and_plain_text_is_plain(base, cast: Cast):
    async with deed(cast.alice.person):
        await plans.open_programme("Apporteurs", date(2026, 1, 1))
    async with deed(cast.rachel.person):
        await leads.submit(cast.rachel.referrer_id, company_name="L'Atelier & Fils", consent="oui")
    mail = await db.row("SELECT * FROM mail_message WHERE kind = 'leads.received'")
    assert mail["subject"].endswith("L'Atelier & Fils")
    assert "Bonjour" not in mail["subject"]
    assert mail["text_body"].startswith("Bonjour")
    assert "&#" not in mail["text_body"]
    assert "&amp;" in mail["html_body"]


async def test_a_deed_that_notifies_nobody_posts_nothing(base, cast: Cast):
    async with deed(cast.alice.person):
        await plans.open_programme("Apporteurs", date(2026, 1, 1))
    before = await db.value("SELECT count(*) FROM mail_message")
    async with deed(cast.rachel.person, notify=False):
        await leads.submit(
            cast.rachel.referrer_id, company_name="Atelier", consent="oui", recommended_on=date(2026, 1, 5)
        )
    assert await db.value("SELECT count(*) FROM mail_message") == before
