"""The three spreadsheets of a real company are taken by the verbs."""

import json
from datetime import date
from pathlib import Path

import pytest

from portal.imports.actions import Report, import_file
from portal.imports.options import Options
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.plans import actions as plans
from tests.walk.test_by_verbs import PLAN, company

DATA = Path(__file__).parent.parent / "data"
FILES = {"referrers": "apporteurs.csv", "leads": "recommandations.csv", "payments": "encaissements.csv"}
EXPECTED = json.loads((DATA / "expected.json").read_text())
WHO = Machine("test")


async def options() -> Options:
    from portal.contracts import actions as contracts

    async with deed(WHO):
        await company()
        await contracts.publish_shipped_texts()
        programme = await plans.open_programme("Apporteurs", date(2024, 1, 1))
        plan = await plans.publish(programme["id"], PLAN, date(2024, 1, 1))
    return Options(
        programme_id=programme["id"], plan_version_id=plan["id"], signed_on_paper=True, mandate=True
    )


async def take(kind: str, said: Options) -> Report:
    return await import_file(kind, FILES[kind], (DATA / FILES[kind]).read_bytes(), said, WHO)


@pytest.mark.timeout(300)
async def test_the_three_files_as_they_are_and_twice_adds_nothing(base):
    said = await options()
    for kind in FILES:
        report = await take(kind, said)
        assert (report.good, report.added) == (EXPECTED[kind]["good"],) * 2
        assert len(report.faults) == sum(EXPECTED[kind]["faults"].values())
    for kind in FILES:
        assert (await take(kind, said)).added == 0
    net = await db.value(
        "SELECT sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END)::bigint FROM client_payment"
    )
    assert net == EXPECTED["payments"]["net_cents"]
    assert await db.value("SELECT count(*) FROM mail_message") == 0
