"""The crawl leads everywhere: what it never opens stands in the table below, with who else opens it."""

import re
from collections.abc import Iterable

import pytest

from portal.app import create_app
from tests.crawl.crawling import Way
from tests.crawl.test_budgets import browser_of, links_of
from tests.crawl.test_every_page import MEMBERS, starts
from tests.crawl.village import Village

pytestmark = pytest.mark.asyncio(loop_scope="session")

PARAMETER = re.compile(r"\{\w+\}")
MACHINES, MAILED, PARTS = (
    "machines ask for it",
    "a link in a mail leads there",
    "a part of a page that is crawled",
)
PRINTED, DONE = "a paper that is asked for first", "where an action leads: the journeys go there"
EMPLOYEE = "the year of the employee of a partner: tests/journeys/test_year.py opens it"
STRIPE = "where the company pays by Stripe: tests/stripe opens it"
NOT_LED_TO = {
    "/api/v1/deals": MACHINES,
    "/api/v1/deals/{ref}": MACHINES,
    "/api/v1/deals/{ref}/invoices": MACHINES,
    "/api/v1/deals/{ref}/payments": MACHINES,
    "/api/v1/earnings": MACHINES,
    "/api/v1/earnings/{ref}": MACHINES,
    "/api/v1/gifts": MACHINES,
    "/api/v1/gifts/{ref}": MACHINES,
    "/api/v1/invoices": MACHINES,
    "/api/v1/invoices/{ref}": MACHINES,
    "/api/v1/moi": MACHINES,
    "/api/v1/openapi.json": MACHINES,
    "/api/v1/payments": MACHINES,
    "/api/v1/payments/{ref}": MACHINES,
    "/api/v1/recommandations": MACHINES,
    "/api/v1/recommandations/{ref}": MACHINES,
    "/api/v1/reward-orders": MACHINES,
    "/api/v1/reward-orders/{ref}": MACHINES,
    "/api/v1/rewards": MACHINES,
    "/apporteurs/{ref}/fiscalite/{year}/pdf": PRINTED,
    "/apporteurs/{ref}/fiscalite/{year}/salarie": EMPLOYEE,
    "/apporteurs/{ref}/releves/{month}/pdf": PRINTED,
    "/arretes/{ref}/avancement": PARTS,
    "/arretes/{ref}/dossier": PRINTED,
    "/commissions/releves/{month}/pdf": PRINTED,
    "/comptabilite/dossiers/{ref}/avancement": PARTS,
    "/compte-bancaire/{ref}/{token}": MAILED,
    "/connexion/code": DONE,
    "/connexion/lien/{token}": MAILED,
    "/connexion/second-facteur": DONE,
    "/contrats/{ref}/preuve": PRINTED,
    "/courriels/{user}/{what}/{mac}": MAILED,
    "/demo": "the demo alone",
    "/demo/courriels": "the demo alone",
    "/demo/courriels/{ref}": "the demo alone",
    "/factures/a-etablir/avancement": PARTS,
    "/fiscalite/das2/{ref}/chiffrement": PARTS,
    "/fiscalite/date-de-naissance": MAILED,
    "/fiscalite/salaries": "this year, under an address that lasts",
    "/fiscalite/{year}/cloture/avancement": PARTS,
    "/fiscalite/{year}/pdf": PRINTED,
    "/fiscalite/{year}/salarie": "the employee of a partner alone",
    "/invitation/{token}": MAILED,
    "/marque.css": PARTS,
    "/marque/logo": PARTS,
    "/metrics": MACHINES,
    "/mot-de-passe/{token}": MAILED,
    "/mot/{token}/gagnee": MAILED,
    "/mot/{token}/{noun}": MAILED,
    "/profil/stripe": STRIPE,
    "/profil/stripe/retour": STRIPE,
    "/profil/stripe/suite": STRIPE,
    "/profil/employeur": "the employee of a partner alone",
    "/recommander/mon-lien/code": PARTS,
    "/recommander/mon-lien/{form}/pdf": PRINTED,
    "/recommandations/boite": PARTS,
    "/recommandations/estimation": PARTS,
    "/recommandations/{ref}/notes/{word}": "who has just written, for ten minutes",
    "/recommandations/{ref}/recu": DONE,
    "/recommande/{ref}/{key}": "the recommended contact alone",
    "/recompenses/{ref}/photo": PARTS,
    "/recompenses/{ref}/vignette": PARTS,
    "/reglages/baremes/{ref}/comparaison/avancement": PARTS,
    "/reglages/imports/{ref}/avancement": PARTS,
    "/reglages/recalcul/avancement": PARTS,
    "/sante": MACHINES,
    "/sante/pret": MACHINES,
    "/static/{name}": PARTS,
    "/virements/{ref}/stripe": STRIPE,
}


def routes() -> list[str]:
    """Of all pages, those with the fewest parameters first: they are the nearest to what was asked."""
    found = {
        route.path_format
        for route in create_app(connect=False).routes
        if "GET" in getattr(route, "methods", ())
    }
    return sorted(found, key=lambda path: (path.count("{"), path))


def route_of(path: str, known: Iterable[str]) -> str:
    bare = path.split("?")[0]
    return next(route for route in known if re.fullmatch(PARAMETER.sub("[^/]+", route), bare))


async def visited(village: Village, name: str) -> set[str]:
    who = village.visitor(name)
    async with browser_of(village, who) as browser:
        way, opened = Way(village.origin, starts(village, who)), set[str]()
        for path in way:
            answer = await browser.get(path)
            if answer.status_code == 200:
                opened.add(path)
            if answer.headers.get("content-type", "").startswith("text/html"):
                way.add(path, links_of(answer.text))
    return opened


async def test_every_page_is_crawled_or_the_table_says_who_opens_it(village: Village) -> None:
    known = routes()
    opened = {route_of(path, known) for name in MEMBERS for path in await visited(village, name)}
    strange = set(known) - opened ^ set(NOT_LED_TO)
    assert not strange, "\n".join(sorted(strange))
