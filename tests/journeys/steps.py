"""What people do in their windows, from the invitation to the transfer."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from playwright.async_api import expect

from portal.company import access as companies
from portal.company import actions as company
from portal.contracts import actions as contracts
from portal.invoicing import actions as invoicing
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.leads.rules import BY_NAME
from portal.payouts import access as runs
from portal.payouts import actions as payouts
from portal.plans import actions as plans
from tests.cast import PASSWORD
from tests.earnings.scene import TEN_PERCENT
from tests.journeys.town import Town
from tests.journeys.window import Window

COMPANY_IBAN = "FR7630006000011234567890189"
SIX_DIGITS = re.compile(r"\b\d{6}\b")
ADDRESS = {"street": "3 rue des Lilas", "postcode": "69003", "city": "Lyon", "phone": "06 12 34 56 78"}


@dataclass(frozen=True)
class Introducer:
    """Somebody who is going to be invited; `profile` is what they type about themselves."""

    email: str
    first_name: str
    last_name: str
    status: str
    profile: dict[str, str]
    iban: str
    language: str = "fr"
    paper: str = ""
    vat_cents: int = 0

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


INDIVIDUAL = Introducer(
    "paule@perso.example", "Paule", "Giraud", "Particulier", {**ADDRESS, "declared": "1"},
    "FR7630006000010000000000152", paper="Bordereau de commission",
)  # fmt: skip
COMPANY = Introducer(
    "remy@conseil.example", "Remy", "Conseil", "Société",
    {**ADDRESS, "company_name": "Conseil Remy", "legal_form": "SARL", "rcs_city": "Lyon", "siret": "404 833 048 00022",
     "represented_by": "Remy Conseil", "represented_as": "gérant", "vat_regime": "standard", "vat_number": "FR83404833048"},
    "FR7630004028370000001654611", language="en", paper="Facture établie pour vous", vat_cents=60_00,
)  # fmt: skip
MICRO = Introducer(
    "lina@atelier.example", "Lina", "Haddad", "Micro-entrepreneur",
    {**ADDRESS, "siret": "552 100 554 00013", "vat_regime": "franchise"},
    "FR7630003036200002021690750", paper="Facture établie pour vous",
)  # fmt: skip


async def open_house(town: Town, hold_days: int) -> None:
    """Texts, one programme with one plan at ten percent, an account to pay from."""
    async with deed(town.cast.alice.person):
        await contracts.publish_shipped_texts()
        programme = await plans.open_programme("Apporteurs 2026", today() - timedelta(300))
        await plans.publish(programme["id"], TEN_PERCENT | {"hold_days": hold_days}, today() - timedelta(300))
        entity = await companies.legal_entity_by(town.cast.entity_id)
        await company.correct(entity, entity["version"], iban=COMPANY_IBAN)


# The contract


async def invites(sales: Window, who: Introducer) -> None:
    await sales.opens("/apporteurs")
    await sales.follows("Inviter")
    await sales.fills(
        email=who.email, first_name=who.first_name, last_name=who.last_name, language=who.language
    )
    await sales.presses("Envoyer l'invitation")
    await sales.sees(who.name, "Invité")


async def accepts_the_invitation(referrer: Window, who: Introducer) -> None:
    """The link of the mail opens a page with a button; opening it changes nothing."""
    link = await referrer.town.link("people.invitation", who.email)
    await referrer.opens(link)
    await referrer.opens(link)
    await referrer.fills(password=PASSWORD)
    await referrer.presses("Ouvrir mon compte")


async def fills_the_profile(referrer: Window, who: Introducer) -> None:
    await referrer.opens("/profil")
    await referrer.follows(who.status)
    await referrer.fills(**who.profile)
    await referrer.presses("Continuer")
    await referrer.sees("Votre compte bancaire")
    await referrer.fills(holder=who.profile.get("company_name", who.name), iban=who.iban)
    await referrer.presses("Continuer")
    await referrer.sees("Votre contrat vous attend")


async def signs(referrer: Window, who: Introducer) -> None:
    await referrer.opens(await referrer.town.link("contracts.to_sign", who.email))
    await referrer.sees("Signer")
    await referrer.presses("Recevoir mon code")
    mail = await referrer.town.mail("contracts.code", who.email)
    code = SIX_DIGITS.search(mail["text_body"])
    assert code
    await referrer.fills(code=code[0], consent="1")
    await referrer.presses("Signer le contrat")
    await referrer.sees("Signé, à contresigner")


async def countersigns(administrator: Window, who: Introducer) -> None:
    town = administrator.town
    await administrator.opens(await town.link("contracts.to_countersign", town.cast.alice.email))
    await administrator.sees(who.name)
    await administrator.presses("Contresigner")
    await administrator.sees("En vigueur")


async def keeps_a_copy_of_the_contract(referrer: Window, who: Introducer) -> None:
    await referrer.town.settled()
    await referrer.opens(await referrer.town.link("contracts.in_force", who.email))
    assert (await referrer.fetches("Télécharger le contrat (PDF)")).startswith(b"%PDF-")


# The recommendation


@dataclass
class Recommendation:
    company: str
    path: str = ""
    deal: str = ""
    typed: dict[str, str] = field(default_factory=dict)


async def recommends(referrer: Window, company: str) -> Recommendation:
    """Under a minute on a phone: some eighty signs."""
    typed = {
        "company": company,
        "contact": "Jo Martin",
        "phone": "06 98 76 54 32",
        "amount": "6000",
        "agreed": "spoken",
    }
    assert len("".join(typed.values())) < 80
    await referrer.opens("/recommandations/nouvelle")
    await referrer.fills(**typed)
    await referrer.presses("Envoyer la recommandation")
    path = referrer.path.removesuffix("/recu")
    assert path != referrer.path
    return Recommendation(company, path, typed=typed)


async def moves(sales: Window, recommendation: Recommendation, name: str) -> None:
    await sales.opens(recommendation.path)
    await sales.presses(BY_NAME[name].button)


async def reads_every_step(
    referrer: Window, who: Introducer, recommendation: Recommendation, names: list[str]
) -> None:
    """On the timeline, and one mail each."""
    await referrer.opens(recommendation.path)
    await referrer.sees(*(BY_NAME[name].told for name in names))
    for name in names:
        mail = await referrer.town.mail("leads.moved", who.email)
        assert referrer.said(BY_NAME[name].told) in mail["text_body"]


# The deal


async def wins(sales: Window, recommendation: Recommendation) -> None:
    """Two lines, 6 000 € in all."""
    await sales.opens(recommendation.path)
    await sales.follows("Gagné")
    await sales.page.locator("#f-title").fill("Site et formation")
    await sales.page.locator("#f-0-label").fill("Site")
    await sales.page.locator("#f-0-net").fill("4 500,00")
    await sales.presses("Ajouter une ligne")
    await sales.page.locator("#f-1-label").fill("Formation")
    await sales.page.locator("#f-1-net").fill("1 500,00")
    await sales.presses("Enregistrer l'affaire")
    recommendation.deal = sales.path
    await sales.sees("Site et formation", sales.money(6_000_00))


async def bills_the_client(sales: Window, recommendation: Recommendation) -> None:
    await sales.opens(recommendation.deal)
    await sales.unfolds("Noter…")
    await sales.unfolds("Facture au client")
    form = sales.form("/factures")
    await sales.fills(form, number="F-2026-118", net="6000", vat="1200")
    await sales.presses("Ajouter la facture", within=form)
    await sales.sees("F-2026-118", sales.money(7_200_00))


async def records_half_the_payment(finance: Window, recommendation: Recommendation) -> None:
    """3 600 € TTC of the invoice are 3 000 € before tax."""
    await finance.opens(recommendation.deal)
    await finance.unfolds("Noter…")
    await finance.unfolds("Encaissement")
    form = finance.form("/encaissements")
    invoice = await form.locator("[name=invoice] option").nth(1).get_attribute("value")
    await finance.fills(form, invoice=invoice or "", amount="3600")
    await finance.presses("Enregistrer l'encaissement", within=form)
    await finance.sees(finance.money(3_000_00), finance.money(300_00))


EARNED = 300_00  # 3 000 × 10 %


async def opens_the_explanation(referrer: Window, who: Introducer, state: str) -> None:
    """The mail tells the amount, its page why: contract, article, plan, rule, base, rate."""
    mail = await referrer.town.mail("earnings.earned", who.email)
    assert referrer.money(EARNED) in mail["subject"]
    await referrer.opens("/commissions")
    await referrer.sees(state)
    await referrer.page.locator("table tbody a").first.click()
    await referrer.page.wait_for_url("**/commissions/*")
    await referrer.looks()
    await referrer.sees(
        "Contrat", "Article", "Barème 2026", "Règle", "10", referrer.money(3_000_00), referrer.money(EARNED)
    )


async def sees_the_money(referrer: Window, **places: int) -> None:
    """Cents under each word of the identity; every other place holds nothing, and the sum is right."""
    await referrer.opens("/commissions")
    shown = await referrer.identity()
    expected = dict.fromkeys(shown, 0) | {"earned": EARNED} | places
    assert shown == {place: referrer.money(cents) for place, cents in expected.items()}


# Paper and transfer


async def issues(finance: Window, who: Introducer) -> None:
    """The dry run shows what will be; the button does it."""
    await finance.opens("/factures/a-etablir")
    await finance.sees(who.profile.get("company_name", who.name), finance.money(EARNED + who.vat_cents))
    await finance.presses("Établir les documents cochés")


async def opens_the_paper(reader: Window, who: Introducer) -> None:
    await reader.town.settled()
    await reader.opens("/factures")
    await reader.page.locator("table tbody a").first.click()
    await reader.page.wait_for_url("**/factures/*")
    await reader.looks()
    await reader.sees(reader.money(EARNED + who.vat_cents))


async def prepares_a_run(finance: Window) -> str:
    await finance.opens("/virements/preparation")
    await finance.presses("Préparer ce règlement")
    await finance.sees("Préparé par vous. Une autre personne doit approuver.")
    return finance.path


async def approves(second: Window, run: str) -> None:
    await second.opens(run)
    await second.presses("Approuver")
    await second.sees("Approuvée, à envoyer")


async def sends(finance: Window, run: str) -> bytes:
    """The file for the bank."""
    await finance.opens(run)
    await finance.presses("Envoyer à la banque")
    return await finance.fetches("Fichier pour la banque")


async def settles(finance: Window, run: str) -> None:
    await finance.opens(run)
    await finance.presses("Les virements sont arrivés")
    await finance.sees("Réglée")


async def sees_the_transfer(referrer: Window, who: Introducer, words: str) -> None:
    """One card, read from top to bottom."""
    await referrer.opens("/virements")
    await referrer.sees(referrer.money(EARNED + who.vat_cents))
    await referrer.page.locator("table tbody a").first.click()
    await referrer.page.wait_for_url("**/virements/*")
    await referrer.looks()
    await referrer.sees(referrer.said(words, end=who.iban[-4:]), "Tout le calcul")


# Thirty-one days later; the web and the worker stay in the present, so the verbs are called here


def _then(hour: int) -> datetime:
    return at(today() + timedelta(31), hour)


async def thirty_days_pass(town: Town) -> None:
    """At five in the morning what was held is confirmed."""
    await town.strike_at(_then(5))


async def is_issued_then(town: Town) -> None:
    with clock_at(_then(9)):
        async with deed(town.cast.fanny.person):
            issued = await invoicing.issue(town.cast.entity_id)
    assert len(issued.invoice_ids) == 1


async def is_paid_then(town: Town) -> None:
    with clock_at(_then(10)):
        async with deed(town.cast.fanny.person):
            run = await payouts.prepare(town.cast.entity_id, today())
        async with deed(town.cast.fred.person):
            await payouts.approve(run)
        approved = await runs.run(run["id"])
        file = await payouts.bank_file(approved)
        async with deed(town.cast.fanny.person):
            await payouts.send(approved, file)
            await payouts.settle(await runs.run(run["id"]), today())


async def appears_by_itself(sales: Window, text: str) -> None:
    """Without a reload, within two seconds."""
    await expect(sales.page.locator("main")).to_contain_text(text, timeout=2000)


async def everybody(opens: Any, town: Town, **look: Any) -> tuple[Window, Window, Window, Window]:
    cast = town.cast
    return tuple(
        [await opens(town, member, **look) for member in (cast.alice, cast.sam, cast.fanny, cast.fred)]
    )  # type: ignore[return-value]
