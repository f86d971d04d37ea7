"""The referrer's address on paper: a poster to hang up, a sheet of small cards to cut out. In the reader's language."""

from collections.abc import Mapping

from portal.company import access as company
from portal.jobs.printing import Paper, printed
from portal.jobs.queue import enqueue
from portal.kit import db, files
from portal.kit.files import Store
from portal.kit.problems import NotFound
from portal.kit.templates import environment
from portal.kit.text import N_, _, language
from portal.leads import actions
from portal.leads.intake import links
from portal.people.rules import Person
from portal.plans.programme import advantages

KIND = "poster"
CARDS_A_SHEET = 10  # 85 × 54 mm
FORMATS: Mapping[str, str] = {"affiche": N_("Affiche A4"), "cartes": N_("Cartes de visite, 10 par page")}


@files.door(KIND)
async def opens_file(person: Person, referrer_id: int) -> object:
    """The referrer's own and those who look after them."""
    if not (person.is_staff or person.referrer_id == referrer_id):
        raise NotFound("file")
    return referrer_id


async def poster(link: db.Row, form: str) -> Paper:
    """Raises NotFound for a format that there is not."""
    if form not in FORMATS:
        raise NotFound("poster")
    entity = await company.legal_entity()
    assert entity is not None
    programme = await actions.programme_of(link["referrer_id"])
    address = links.address_of(link)
    html = environment().get_template(f"posters/{form}.html").render(
        entity=entity, house=entity["brand_name"] or entity["name"], name=link["referrer_name"], address=address,
        short=address.partition("//")[2], lang=language(),
        advantage=advantages.told(await advantages.offered(programme["id"])), copies=CARDS_A_SHEET,
    )  # fmt: skip
    stem = f"{_(FORMATS[form]).split()[0].lower()}-{link['code']}"
    return Paper(KIND, link["referrer_id"], stem, html, Store.UPLOADS, {"qr.svg": links.qr(address)})


async def ask_for(link: db.Row, form: str) -> None:
    """In a deed: print it, unless it is printed."""
    paper = await poster(link, form)
    if not (await printed(paper)).file_ref:
        await enqueue("leads.print_poster", key=paper.key, code=link["code"], form=form, language=language())
