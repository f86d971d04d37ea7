"""The light beside a name: complete, to check, asked, missing; the same on the list and on the file."""

from itertools import product

import pytest

from portal.jobs.queue import work_off
from portal.kit.deed import deed
from portal.kit.files import Store, keep
from portal.referrers import access
from portal.referrers.vigilance import documents
from portal.referrers.vigilance.lines import Light, light_by
from portal.referrers.vigilance.rules import Kind
from tests.counting import Queries
from tests.earnings.scene import TEN_PERCENT, scene_of


@pytest.mark.parametrize(("received", "wanted", "late"), list(product((0, 1), (0, 2), (0, 1))))
def test_what_is_late_comes_before_what_waits_for_us(received, wanted, late):
    light = light_by(received=received, wanted=wanted, late=late)
    expected = (
        Light.MISSING if late else Light.TO_CHECK if received else Light.WANTED if wanted else Light.COMPLETE
    )
    assert light is expected


async def test_the_list_and_the_file_show_it_without_a_query_more_for_each_name(cast, client):
    scene = await scene_of(cast)
    for member in (cast.mina, cast.remi, cast.stefan):
        await scene.contract(member, TEN_PERCENT)
    await scene.deal(cast.mina, 45_000_00, days_ago=1)
    await work_off()
    sam = client(cast.sam)
    ref = (await access.referrer(cast.mina.referrer_id))["ref"]
    async with Queries() as queries:
        listed = (await sam.get("/apporteurs")).text
    assert len(queries) == len(set(queries.asked)) <= 8, queries.asked
    assert (
        listed.count("Dossier complet") == 2
    )  # Rémi and Stefan; of Rachel, without a contract, nothing is asked
    assert "Justificatif demandé" in listed
    assert "Justificatif demandé" in (await sam.get(f"/apporteurs/{ref}")).text
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="a.pdf")
    async with deed(cast.mina.person):
        await documents.give(cast.mina.referrer_id, Kind.VIGILANCE, kept)
    assert "Justificatif à vérifier" in (await sam.get("/apporteurs")).text
    assert "Justificatif à vérifier" in (await sam.get(f"/apporteurs/{ref}")).text
    assert "Justificatif à vérifier" in (await sam.get("/apporteurs?format=csv")).text
