"""A referrer is told what the declaration lacks of them."""

from collections.abc import Sequence

from portal.kit.days import now
from portal.mail.outbox import post
from portal.referrers.access import owner_of
from portal.taxes.das2.rules import LACK_LABELS, Declaree, Lack

BIRTH = "/fiscalite/date-de-naissance"
PROFILE = "/profil/coordonnees"


async def missing(who: Declaree, year: int, lacks: Sequence[Lack]) -> None:
    owner = await owner_of(who["id"])
    if owner is None:
        return
    await post(
        "taxes.das2_missing", to_user=owner["id"], to_email=owner["email"], language=owner["language"],
        subject_kind="referrer", subject_id=who["id"], key=f"taxes.das2_missing:{who['id']}:{year}:{now():%Y%m%d}",
        name=owner["name"], year=year, labels=[LACK_LABELS[lack] for lack in lacks],
        path=BIRTH if list(lacks) == [Lack.BIRTH] else PROFILE,
    )  # fmt: skip
