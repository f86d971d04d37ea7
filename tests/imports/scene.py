"""A company that opens its doors with the three spreadsheets it has kept so far."""

import json
from datetime import date
from pathlib import Path

from portal.contracts import actions as contracts
from portal.imports.applying import Report, import_file
from portal.imports.options import Options
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.plans import actions as plans
from tests.walk.test_by_verbs import PLAN, company

DATA = Path(__file__).parent.parent / "data"
FILES = {"referrers": "apporteurs.csv", "leads": "recommandations.csv", "payments": "encaissements.csv"}
EXPECTED = json.loads((DATA / "expected.json").read_text())
WHO = Machine("test")


async def open_books() -> tuple[db.Row, db.Row]:
    """The texts, a programme and the plan of its contracts."""
    await contracts.publish_shipped_texts()
    programme = await plans.open_programme("Apporteurs", date(2024, 1, 1))
    return programme, await plans.publish(programme["id"], PLAN, date(2024, 1, 1))


async def options() -> Options:
    """What somebody has said of the contracts on paper, in a company that has just been set up."""
    async with deed(WHO):
        await company()
        programme, plan = await open_books()
    return Options(
        programme_id=programme["id"], plan_version_id=plan["id"], signed_on_paper=True, mandate=True
    )


async def take(kind: str, said: Options) -> Report:
    return await import_file(kind, FILES[kind], (DATA / FILES[kind]).read_bytes(), said, WHO)
