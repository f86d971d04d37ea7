"""/comptabilite/auxiliaires, /comptabilite/reglages: the accounts of referrers, the chart, the journals, the axes."""

from typing import Any

from litestar import Request

from portal.books.journal import auxiliaries
from portal.books.journal.choices import Choices, choices_and_figures, choose
from portal.books.journal.forms import AccountForm, AuxiliaryForm, ChoicesForm
from portal.books.journal.rules import ACCOUNT_NAMES, COMMISSIONS, EARNED, JOURNAL_NAMES, Axis, Journal
from portal.books.rooms import HOME, tabs
from portal.company import access as company
from portal.company import overriding
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.law.labels import LABELS
from portal.people.rules import Person, Role

FINANCE = {Role.FINANCE, Role.ADMIN}
ACCOUNTS, SETTINGS = f"{HOME}/auxiliaires", f"{HOME}/reglages"
AXIS_LABELS = {
    Axis.PROGRAMME: N_("Programme"),
    Axis.CATEGORY: N_("Catégorie de produit"),
    Axis.TERRITORY: N_("Territoire de l'apporteur"),
    Axis.SALES: N_("Commercial"),
}
NEEDED = N_("Ce compte ne peut pas rester vide.")
OWN_CHOICE = "plan comptable de l'entreprise"
CELLS: Cells = {
    "who": lambda row: row["name"],
    "number": lambda row: row["number"],
    "code": lambda row: row["code"],
}


@get(ACCOUNTS, allows=FINANCE)
async def accounts(request: Request) -> Answer:
    columns = (
        Column("who", _("Apporteur"), sortable=True), Column("number", _("Numéro"), sortable=True),
        Column("code", _("Compte auxiliaire"), sortable=True),
    )  # fmt: skip
    entity = await company.legal_entity()
    assert entity is not None
    listing = Listing.asked(request, columns, (Filter("q", _("Rechercher")),))
    return await (await auxiliaries.page_of(listing, entity["id"])).answer(
        "comptabilite/accounts.html", cells=CELLS, name="auxiliaires", tabs=tabs(ACCOUNTS)
    )


@get(f"{ACCOUNTS}/{{ref:str}}", allows=FINANCE)
async def account(ref: str) -> Answer:
    found = await auxiliaries.account_for(ref)
    return page("comptabilite/account.html", account=found, form=AuxiliaryForm.showing(code=found["code"]))


@post(f"{ACCOUNTS}/{{ref:str}}", allows=FINANCE)
async def rename(request: Request, person: Person, ref: str) -> Answer:
    found, form = await auxiliaries.account_for(ref), await AuxiliaryForm.read(request)
    if form.errors:
        return again("comptabilite/account.html", account=found, form=form)
    try:
        async with deed(person, form.once) as doing:
            doing.at(ACCOUNTS)
            await auxiliaries.rename(found["id"], form.code)
    except Refused as refused:
        return again("comptabilite/account.html", account=found, form=form.refuse("code", refused.sentence))
    return see(ACCOUNTS)


@get(SETTINGS, allows=FINANCE)
async def settings() -> Answer:
    return page("comptabilite/settings.html", **await _shown())


async def _shown(
    chosen_form: ChoicesForm | None = None, account_form: AccountForm | None = None
) -> dict[str, Any]:
    chosen, figures = await choices_and_figures()
    rows = [(code, _(LABELS[code]), figures.text(code, today())) for code in ACCOUNT_NAMES]
    return {
        "form": chosen_form or _showing(chosen),
        "account_form": account_form or AccountForm.showing(since=today().replace(day=1)),
        "accounts": rows,
        "fallback": figures.text(COMMISSIONS.figure, today()),
        "dated": [
            (_(LABELS[one["code"]]), one) for one in await overriding.overrides_of(list(ACCOUNT_NAMES))
        ],
        "axes": [(axis.value, _(label)) for axis, label in AXIS_LABELS.items()],
        "journals": [(journal.value.lower(), _(name)) for journal, name in JOURNAL_NAMES.items()],
        "months": [(month, _(name)) for month, name in enumerate(MONTHS, 1)],
    }


MONTHS = (
    N_("janvier"), N_("février"), N_("mars"), N_("avril"), N_("mai"), N_("juin"), N_("juillet"), N_("août"),
    N_("septembre"), N_("octobre"), N_("novembre"), N_("décembre"),
)  # fmt: skip


def _showing(chosen: Choices) -> ChoicesForm:
    codes = {journal.value.lower(): chosen.code_of(journal) for journal in Journal}
    return ChoicesForm.showing(last_month=chosen.last_month, axes=list(chosen.axes), **codes)


@post(SETTINGS, allows=FINANCE)
async def save(request: Request, person: Person) -> Answer:
    form = await ChoicesForm.read(request)
    if form.errors:
        return again("comptabilite/settings.html", **await _shown(chosen_form=form))
    codes = {"AC": form.ac, "BQ": form.bq, "OD": form.od}
    async with deed(person, form.once) as doing:
        doing.at(SETTINGS)
        await choose(form.last_month, codes, form.axes)
    return see(SETTINGS)


@post(f"{SETTINGS}/comptes", allows=FINANCE)
async def date_account(request: Request, person: Person) -> Answer:
    """Another number from a day on. The account of what is earned may be empty: it is then that of the commissions."""
    form = await AccountForm.read(request)
    if not form.errors and not form.number and form.figure != EARNED.figure:
        form.refuse("number", _(NEEDED))
    if form.errors:
        return again("comptabilite/settings.html", **await _shown(account_form=form))
    async with deed(person, form.once) as doing:
        doing.at(SETTINGS)
        await overriding.override(form.figure, form.number, form.since, OWN_CHOICE)
    return see(SETTINGS)
