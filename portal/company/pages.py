"""/reglages/entreprise, and what the company's brand adds to every page."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import UploadFile

from portal.company import access, actions, brand
from portal.company.forms import EntityForm
from portal.doors import FOR_EVER
from portal.kit import db, files
from portal.kit.contrast import readable
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.problems import NotFound
from portal.kit.text import N_, _, number
from portal.kit.uploads import PICTURES, receive
from portal.kit.web import ANYONE, Answer, again, get, page, post, see
from portal.people.rules import Person, Role

PATH = "/reglages/entreprise"
SIZES = (
    ("micro", N_("Micro-entreprise")),
    ("pme", N_("Petite ou moyenne entreprise")),
    ("eti", N_("Entreprise de taille intermédiaire")),
    ("ge", N_("Grande entreprise")),
)
PAPER, NIGHT = "#f8f5ee", "#1e1c18"


@get(PATH, allows={Role.ADMIN})
async def show() -> Answer:
    entity = await access.legal_entity()
    return page("company/entity.html", **_context(entity, EntityForm.showing(**_shown(entity))))


@post(PATH, allows={Role.ADMIN})
async def save(request: Request, person: Person) -> Answer:
    entity = await access.legal_entity()
    form = await EntityForm.read(request)
    if form.errors:
        return again("company/entity.html", **_context(entity, form))
    async with deed(person, form.once) as doing:
        if entity is None:
            await actions.set_up(**form.entity())
        else:
            await actions.correct(entity, form.version, **form.entity())
        doing.at(PATH)
    brand.forget()
    return see(PATH)


class LogoForm(Form):
    logo: UploadFile


@post(f"{PATH}/logo", allows={Role.ADMIN}, uploads=True)
async def save_logo(request: Request, person: Person) -> Answer:
    entity = await access.legal_entity()
    form = await LogoForm.read(request)
    if entity is None:
        raise NotFound("entity")
    try:
        kept = None if form.errors else await receive(form.logo, PICTURES, megabytes=1)
    except Invalid as wrong:
        form.refuse("logo", wrong.sentence)
        kept = None
    if kept is None:
        return again("company/entity.html", **_context(entity, EntityForm.showing(**_shown(entity)), form))
    async with deed(person, form.once) as doing:
        await actions.give_logo(entity, kept)
        doing.at(PATH)
    brand.forget()
    return see(PATH)


def _shown(entity: db.Row | None) -> dict[str, Any]:
    if entity is None:
        return {"accent": brand.SHIPPED_ACCENT, "size": "pme"}
    capital = number(entity["capital_cents"]) if entity["capital_cents"] is not None else ""
    return {**entity, "capital_cents": capital, "iban": ""}


def _context(entity: db.Row | None, form: EntityForm, logo_form: LogoForm | None = None) -> dict[str, Any]:
    accent = str(form.values.get("accent") or brand.SHIPPED_ACCENT)
    return {
        "form": form, "logo_form": logo_form, "entity": entity, "sizes": [(code, _(label)) for code, label in SIZES],
        "fitted": _fitted(accent),
    }  # fmt: skip


def _fitted(accent: str) -> str:
    """The shade that is used instead, where the chosen one could not be read; empty where it can."""
    try:
        shade = readable(accent, PAPER)
    except ValueError:
        return ""
    return "" if shade == accent else shade


@get("/marque.css", allows=ANYONE)
async def stylesheet() -> Answer:
    return Response(await brand.stylesheet(), media_type="text/css", headers={"cache-control": FOR_EVER})


@get("/marque/logo", allows=ANYONE)
async def logo() -> Answer:
    entity = await access.legal_entity()
    if entity is None or entity["logo_file"] is None:
        raise NotFound("logo")
    file = await files.by_id(entity["logo_file"])
    return Response(
        await files.content(file), media_type=file["media_type"],
        headers={"cache-control": FOR_EVER, "content-security-policy": "sandbox; default-src 'none'"},
    )  # fmt: skip
