"""What employers and employees of partners are told: of each sum at once, of the year once it is over."""

from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.taxes import keeping
from portal.taxes.keeping import Kind
from portal.taxes.partners import counting, letters
from tests.invoicing.test_replacing_pages import words
from tests.taxes.partners import CONTACT, is_employed, is_given, receives, takes_back


async def text_of(paper: db.Row) -> str:
    return words(await files.content(await files.by_id(paper["file_id"])))


async def mails(kind: str) -> list[db.Row]:
    return await db.rows("SELECT * FROM mail_message WHERE kind = $1 ORDER BY id", kind)


async def test_the_employer_is_told_of_each_sum_and_the_letter_is_kept(books, cast):
    await is_employed(cast.rachel)
    await receives(books, cast.rachel, 500_00)
    (paper,) = await db.rows("SELECT * FROM year_paper")
    assert (paper["kind"], paper["money_cents"], paper["in_kind_cents"]) == ("letter", 500_00, 0)
    said = await text_of(paper)
    for word in ("Transports Berthier", "552100554", "500,00", "273,45", "226,55", "45,31"):
        assert word in said
    (mail,) = await mails("taxes.employer")
    assert (mail["to_email"], mail["attached"], mail["to_user"]) == (CONTACT, [paper["file_id"]], None)


async def test_the_employer_is_told_of_a_reward_with_what_it_is_worth(books, cast):
    await is_employed(cast.rachel)
    await is_given(cast, cast.rachel, 300_00)
    async with deed(Machine("test")):
        await counting.count()
    await work_off()
    (paper,) = await db.rows("SELECT * FROM year_paper")
    said = await text_of(paper)
    assert "récompense d’une valeur de 300,00" in said
    assert "5,31" in said  # (300 − 273.45) × 20 %


async def test_a_letter_without_an_address_is_kept_to_be_posted(books, cast):
    await is_employed(cast.rachel, email="")
    await receives(books, cast.rachel, 100_00)
    (paper,) = await keeping.kept(cast.rachel.referrer_id, today().year, Kind.LETTER)
    assert not paper["mailed"]
    assert await mails("taxes.employer") == []


async def test_a_letter_asked_for_twice_is_one(books, cast):
    await is_employed(cast.rachel)
    await receives(books, cast.rachel, 100_00)
    await letters.tell_of_sum(await db.value("SELECT id FROM third_party_sum"))
    assert await db.value("SELECT count(*) FROM year_paper") == 1
    assert len(await mails("taxes.employer")) == 1


async def test_the_year_is_certified_to_the_employee_and_told_to_the_employer(books, cast):
    """200 in money + 300 in rewards = 500.00: 45.31 of contribution."""
    await is_employed(cast.rachel)
    await receives(books, cast.rachel, 200_00)
    await is_given(cast, cast.rachel, 300_00)
    async with deed(Machine("test")):
        await counting.count()
    year = today().year
    for kind in (Kind.ATTESTATION, Kind.EMPLOYER):
        await letters.make(cast.rachel.referrer_id, year, kind)
    (attestation,) = await keeping.kept(cast.rachel.referrer_id, year, Kind.ATTESTATION)
    said = await text_of(attestation)
    for word in (
        "Attestation de versement par un tiers",
        "Transports Berthier",
        "500,00",
        "200,00",
        "300,00",
        "45,31",
    ):
        assert word in said
    (own,) = await mails("taxes.attestation")
    assert own["attached"] == [attestation["file_id"]]
    assert own["to_user"] == cast.rachel.user_id
    (told,) = await keeping.kept(cast.rachel.referrer_id, year, Kind.EMPLOYER)
    assert told["to_email"] == CONTACT
    assert "200,00" in await text_of(told)


async def test_the_letter_of_a_reward_is_not_the_letter_of_a_transfer_that_came_back(books, cast):
    await is_employed(cast.rachel)
    gift = await is_given(cast, cast.rachel, 50_00)
    async with deed(Machine("test")):
        await counting.count()
    await takes_back(cast.rachel, gift)
    await work_off()
    papers = await db.rows("SELECT * FROM year_paper ORDER BY id")
    assert [paper["in_kind_cents"] for paper in papers] == [50_00, 0]
    assert "sont revenus" in await text_of(papers[1])
