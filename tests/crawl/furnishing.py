"""What else the house can show, one of each: programmes that are run, plans that are written, deals that changed, claims."""

import hashlib
from datetime import timedelta
from typing import Any

from portal.company import territories
from portal.company.territories_places import parse_places
from portal.contracts import overrides
from portal.contracts.automatic import offers
from portal.contracts.conditions import Conditions
from portal.deals import access as deal_access
from portal.deals import actions as deals
from portal.deals import advantage, changing
from portal.deals.rules import NewLine
from portal.earnings import access_claims, adjusting, claims, comparing
from portal.earnings.claim_rules import Outcome
from portal.imports import access as imports
from portal.imports import actions as importing
from portal.imports.applying import looked_at
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.sheets import csv_bytes
from portal.leads.fields import asking, reasons
from portal.leads.intake import links
from portal.plans import actions as plans
from portal.plans.catalogue import categories, products
from portal.plans.editor import drafting, shelf
from portal.plans.editor.examples import Facts, reckoned
from portal.plans.programme import advantages, campaigns, programmes, trials
from portal.plans.programme.programmes import Measure
from portal.referrers import actions as referrers
from portal.referrers import confirming, payees
from portal.referrers.confirming_rules import Reason
from portal.referrers.payee_rules import Kind
from portal.referrers.rules import Regime, Status
from tests.cast import Cast, Member
from tests.contracts.own import begun, own
from tests.invoicing.books import AT_ONCE, Books
from tests.leads.samples_desk import samples_of_desk

TWELVE: dict[str, Any] = {
    **AT_ONCE, "rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": "12"}}],
}  # fmt: skip
FLAT: dict[str, Any] = {
    **AT_ONCE, "name": "Flat fee", "rules": [{"key": "all", "when": [], "pay": {"kind": "flat", "amount": "300.00", "per": "deal"}}],
}  # fmt: skip
BOOST: dict[str, Any] = {"multiplies": "1.5", "budget": "2000.00", "for": []}
HALF_A_DAY: dict[str, Any] = {
    "kind": "other", "rate_percent": None, "amount_cents": None, "text_fr": "Half a day of guidance",
    "text_en": "Half a day of guidance", "conditions_fr": "", "conditions_en": "", "until": None,
}  # fmt: skip
SHEET = [["Nom", "SIREN"], ["Quarry Ltd", "123"], ["Orchard Ltd", ""]]


async def run_programme(cast: Cast, programme: db.Row) -> None:
    """Before anything is recommended in it."""
    async with deed(cast.alice.person):
        await programmes.edit(
            programme, programme["version"], name=programme["name"], ends_on=None, budget_cents=5_000_00
        )
        for measure, target in ((Measure.RECOMMENDATIONS, 40), (Measure.COST, 1_000_00)):
            await programmes.aim(programme["id"], measure, target, today() + timedelta(30))
        await advantages.offer(programme["id"], **HALF_A_DAY)
        for name in ("Spring boost", "Summer boost"):
            days = {"from": str(today() + timedelta(1)), "until": str(today() + timedelta(40))}
            drafted = await campaigns.draft(programme["id"], name, BOOST | days)
            if name == "Spring boost":
                await campaigns.publish(drafted, drafted["version"])


async def describe(cast: Cast, programme: db.Row) -> None:
    """What is sold and where, why not, what is asked beside the usual: one of each, with an answer."""
    async with deed(cast.alice.person):
        await categories.add("Energy")
        await products.add("solar-roof", "Solar roof", category="energy")
        await territories.open_territory("Greater Lyon", parse_places("69, 01"))
        await reasons.add(
            "reject", {**dict.fromkeys(("label_en", "told_fr", "told_en"), ""), "label_fr": "Not our region"}
        )
        for label, filled_by in (("Roof area", "referrer"), ("Floor", "prospect")):
            await asking.ask(
                programme["id"], label_fr=label, label_en="", hint_fr="", hint_en="", kind="number", choices=[],
                required=False, filled_by=filled_by, seen_by="everybody", personal=False,
            )  # fmt: skip


async def share(cast: Cast) -> None:
    """A referrer's own address."""
    async with deed(cast.rachel.person):
        await links.renew(cast.rachel.referrer_id)


async def write_plans(cast: Cast, programme: db.Row) -> None:
    """A draft compared on the deals that there are, and two plans on trial."""
    newest = await db.value("SELECT max(id) FROM plan_version")
    async with deed(cast.alice.person):
        draft = await drafting.next_draft(await shelf.version(newest))
        await drafting.save(draft, draft["version"], TWELVE)
        await comparing.ask(await shelf.version(draft["id"]), await shelf.version(newest))
        facts = Facts(on=today(), net=1_000_00)
        answer = reckoned(AT_ONCE, facts)
        await drafting.keep_example(draft["plan_id"], facts, answer.unit, answer.total)
        flat = await plans.publish(programme["id"], FLAT, today())
        await trials.open_trial(programme["id"], "Rate or fee", newest, flat["id"], 50)


async def write_texts(cast: Cast) -> None:
    """A text of the company's own in use, another being written."""
    await own(cast, "apport-affaires-particulier")
    await begun(cast)


async def propose_conditions(cast: Cast, programme: db.Row) -> str:
    """They wait for a second person; where others would be typed."""
    who = cast.stefan.referrer_id
    [offer] = await offers(today(), who)
    async with deed(cast.sam.person):
        await overrides.propose(
            who, programme["id"], offer.plan["id"], today(), Conditions({"limits": {"per_deal": "800.00"}})
        )
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", who)
    return f"/apporteurs/{ref}/contrat?offer={offer.key}&starts_on={today()}"


async def change_deals(books: Books) -> None:
    """One was written down wrong, its client ordered more since, the bank took a payment back, an advantage was granted."""
    cast = books.cast
    deal = await books.scene.deal(cast.rachel, 6_000_00, days_ago=30)
    await books.scene.is_invoiced(deal, 3_000_00, days_ago=20, lines=[1])
    payment_id = await books.scene.pays(deal, 3_000_00, days_ago=15)
    async with deed(cast.fanny.person):
        [payment] = await db.rows("SELECT * FROM client_payment WHERE id = $1", payment_id)
        await deals.record_rejection(deal, payment=payment, on=today() - timedelta(10))
        lines = [NewLine("Website", 5_000_00), NewLine("Training", 2_000_00)]
        await changing.correct(await deal_access.deal(deal["id"]), lines, reason="Typed wrong")
        more = [*lines, NewLine("Workshop", 900_00)]
        await changing.amend(
            await deal_access.deal(deal["id"]), more, on=today(), reason="They asked for more"
        )
        await advantage.grant(deal, today())


async def signal_errors(cast: Cast) -> None:
    """A claim that waits, one that was answered, and an adjustment that a second person decides on."""
    await _claim(cast, cast.rachel)
    claim = await _claim(cast, cast.remi)
    async with deed(cast.fanny.person):
        await claims.answer(claim, claim["version"], Outcome.REFUSED, "It was paid that day", None, 0)
        earning = await _earning(cast.mina)
        target = await access_claims.target_of_earning(cast.fanny.person, earning["ref"])
        await adjusting.adjust(target, 900_00, "One session more")


async def _claim(cast: Cast, who: Member) -> db.Row:
    earning = await _earning(who)
    mail = await files.keep(files.Store.UPLOADS, b"There is more", media_type="text/plain", name="mail.txt")
    async with deed(who.person):
        made = await claims.open_claim(
            "earning", earning["id"], who.referrer_id, "amount", "There is more", [mail]
        )
    return await access_claims.claim(made["id"])


async def _earning(who: Member) -> db.Row:
    found = await db.row(
        "SELECT id, ref FROM earning WHERE referrer_id = $1 AND amount > 0 ORDER BY id LIMIT 1",
        who.referrer_id,
    )
    assert found is not None
    return found


async def bring_a_file(cast: Cast) -> None:
    """Looked at, with a line that cannot be taken; nobody has decided yet."""
    data = csv_bytes(SHEET)
    mapping = await imports.mapping("clients")
    columns, reading = await looked_at("clients", data, mapping)
    kept = await files.keep(files.Store.UPLOADS, data, media_type="text/csv", name="clients.csv")
    async with deed(cast.alice.person):
        await importing.store("clients", kept, hashlib.sha256(data).digest(), mapping, columns, reading)


async def open_files(cast: Cast) -> None:
    """Mina charged VAT two months ago already: her papers are to be rectified. An attachment waits for a second person."""
    deed_of_law = await files.keep(
        files.Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="deed.pdf"
    )
    async with deed(cast.fanny.person):
        await referrers.record_standing(
            cast.mina.referrer_id, today() - timedelta(60), Status.MICRO, Regime.STANDARD, "staff"
        )
        await payees.propose(
            cast.remi.referrer_id, kind=Kind.ATTACHMENT, name="Treasury", iban="FR7610107001011234567890129", act="",
            since=today() + timedelta(30), until=None, ceiling_cents=None, kept=deed_of_law,
        )  # fmt: skip
        await confirming.ask(cast.rachel.referrer_id, Reason.CEILING)


async def work_at_the_desk(cast: Cast) -> tuple[str, ...]:
    """A view of the team, something asked for many at once, and what came of it."""
    lead = await db.row("SELECT ref, version FROM lead WHERE state = 'accepted' ORDER BY id LIMIT 1")
    assert lead is not None
    made = await samples_of_desk(cast, lead["ref"])
    ticked = f"place=at_work&pick={lead['ref']}.{lead['version']}&pick=ZZZZZZZZZZ.1"
    asked = (
        f"/recommandations/lot?gesture={gesture}&{ticked}"
        for gesture in ("contact", "lose", "assign", "task")
    )
    return (*asked, f"/recommandations/lot/{made['bulk']}")
