"""The papers of a closed year: whom each status is owed which, made by jobs in the background, a part to each."""

from collections.abc import Awaitable, Callable, Mapping

from portal.jobs.queue import enqueue
from portal.kit.text import speaking
from portal.referrers.rules import Status
from portal.taxes.closing import access, mails
from portal.taxes.closing.access import Progress
from portal.taxes.individuals import making
from portal.taxes.keeping import Kind
from portal.taxes.partners import letters

Make = Callable[[int, int, Kind], Awaitable[None]]
PART = 25  # people to a job: two workers share them evenly, and a failed one costs little


async def _summary(referrer_id: int, year: int, _kind: Kind) -> None:
    """Mailed to them, unless it was in January and says the same."""
    await making.make(referrer_id, year)


SUMMARY: Mapping[Kind, Make] = {Kind.SUMMARY: _summary}
PAPERS: Mapping[Status, Mapping[Kind, Make]] = dict.fromkeys(Status, SUMMARY) | {
    Status.PARTNER_EMPLOYEE: {Kind.ATTESTATION: letters.make, Kind.EMPLOYER: letters.make}
}
OWED = [(status.value, kind.value) for status, kinds in PAPERS.items() for kind in kinds]
STATUSES, KINDS = [status for status, _kind in OWED], [kind for _status, kind in OWED]
MAKERS = {kind: make for kinds in PAPERS.values() for kind, make in kinds.items()}


async def progress(closing_id: int) -> Progress:
    return await access.progress(closing_id, STATUSES, KINDS)


async def hand_out(closing_id: int) -> None:
    """In a deed: all that is not made becomes jobs."""
    missing = await access.papers_to_make(closing_id, STATUSES, KINDS)
    people = sorted({row["referrer_id"] for row in missing})
    for start in range(0, len(people), PART):
        part = people[start : start + PART]
        await enqueue(
            "taxes.make_papers",
            key=f"papers:{closing_id}:{part[0]}",
            closing_id=closing_id,
            first=part[0],
            last=part[-1],
        )


async def make(closing_id: int, first: int, last: int) -> None:
    """The job: of these people, those that are not made. Done twice, the first paper stays."""
    closing = await access.closing(closing_id)
    with speaking("fr"):  # what the tax office may ask for is French
        for row in await access.papers_to_make(closing_id, STATUSES, KINDS, first, last):
            kind = Kind(row["kind"])
            await MAKERS[kind](row["referrer_id"], closing["year"], kind)
    if await access.all_made(closing_id, STATUSES, KINDS):
        await mails.tell_papers(closing)
