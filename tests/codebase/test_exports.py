"""Whoever sees a list can take it along: every list of a page is exported, or the table below says why not."""

import re
from pathlib import Path

from tests.codebase.house import PORTAL, TEMPLATES, python_files, templates

ELSEWHERE = ("mails", "papers", "parts", "posters", "faults")
LIST = re.compile(r'<table class="table|<ul class="stack" role="list"')
DRAWN = re.compile(r"\{% call\(\w+, column\) table\(")
LINKED = re.compile(r"\bexports\(listing\)")
SHOWN = re.compile(r'\bpage\(\s*"([\w/.]+)"')
ANSWERED = re.compile(r'\.answer\(\s*(?:"([\w/.]+)"|template)')

NOT_EXPORTED = {
    "accueil/_finance.html": "the home adds up what the list of commissions exports",
    "affaires/_lines.html": "what one client bought: a few lines of the deal",
    "affaires/_payments.html": "what one client paid: a few lines of the deal",
    "affaires/show.html": "the invoices of one deal",
    "arretes/_agreement.html": "four sums that must be one; each opens lines that are exported",
    "arretes/_cards.html": "questions about one month, each with its answer",
    "arretes/show.html": "one month: every figure of it opens lines that are exported",
    "catalogue/_uses.html": "the few plans that name one word; each is a page of its own",
    "clients/merge.html": "a question: which other card; the list of clients is exported",
    "clients/show.html": "what one client bought; the list of deals is filtered by the same name",
    "commissions/if_paid.html": "a question about one deal; nothing of it is kept",
    "commissions/replay.html": "what differs in one recomputation; the terminal writes it as JSON",
    "demo/visit.html": "the doors of the demo",
    "factures/_paper.html": "one paper, which is a PDF and an XML file",
    "factures/_plan.html": "the two papers that would be issued; the list of papers is exported",
    "factures/own.html": "what one invoice pays for; the commissions are exported",
    "factures/received.html": "one invoice beside what is due",
    "fiscalite/_part.html": "sentences about a year",
    "fiscalite/change.html": "one page in large type about a year: a PDF, and rows of the exported transfers",
    "fiscalite/paper.html": "a paper, which is a PDF",
    "fiscalite/salaries/person.html": "the counter of one person; the list for the declaration exports each sum",
    "fiscalite/show.html": "the payments of a year: a PDF here, and rows of the exported transfers",
    "imports/_columns.html": "questions about the columns of a file",
    "imports/preview.html": "the first rows of what the report exports",
    "people/account.html": "one's own devices, each with its button",
    "people/passkeys.html": "one's own keys, each with its button",
    "people/seats.html": "places to work in, each with its button",
    "people/tokens.html": "keys of machines, each with its button",
    "programmes/bareme_comparaison.html": "a draft beside the version in force: read, then published or not",
    "programmes/baremes.html": "the few versions of one plan, each with its page",
    "programmes/index.html": "what is sold and under which plan: texts, each with its page",
    "programmes/trial.html": "two arms of one trial",
    "reglages/composants.html": "samples of every part",
    "reglages/etat.html": "what stands still now, each with the button that mends it",
    "reglages/index.html": "the doors of the settings",
    "reglages/chiffres/show.html": "the few values that one figure ever had; the list of figures is exported",
    "releves/_identity.html": "the two ends of a statement: a PDF",
    "releves/paper.html": "a paper, which is a PDF",
    "search/_found.html": "the nearest few of every kind; each kind has its list",
    "reglages/reglements.html": "the few who approve, each with the button that sets a limit",
    "virements/_agreement.html": "four sums that must be one",
    "virements/_share.html": "the two or three parts of one transfer, which is a row of its run",
}


def name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def with_lists() -> dict[str, str]:
    found = {name(path): path.read_text() for path in templates(*ELSEWHERE) if path.suffix == ".html"}
    return {path: text for path, text in found.items() if LIST.search(text) or DRAWN.search(text)}


def code() -> str:
    return "\n".join(path.read_text() for path in python_files(PORTAL))


def test_every_list_offers_its_export_or_the_table_says_why_not():
    silent = {
        path for path, text in with_lists().items() if not DRAWN.search(text) and not LINKED.search(text)
    }
    assert silent - set(NOT_EXPORTED) == set()


def test_the_table_names_only_lists_that_are_not_exported():
    exported = {path for path, text in with_lists().items() if DRAWN.search(text) or LINKED.search(text)}
    gone = {path for path in NOT_EXPORTED if not (TEMPLATES / path).exists()}
    assert (exported - {"reglages/composants.html"}) & set(NOT_EXPORTED) == set()
    assert gone == set()


def test_what_draws_a_list_is_answered_as_a_page_and_as_a_file():
    drawn = {path for path, text in with_lists().items() if DRAWN.search(text)} - {"reglages/composants.html"}
    answered = {found for found in ANSWERED.findall(code()) if found}
    assert drawn - answered == set()
    assert drawn & set(SHOWN.findall(code())) == set()


def test_a_list_without_export_would_be_found():
    assert LIST.search('<table class="table cards">')
    assert DRAWN.search('{% call(row, column) table(listing, "x") %}')
    assert SHOWN.findall('return page(\n        "affaires/list.html",') == ["affaires/list.html"]
