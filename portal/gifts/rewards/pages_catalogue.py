"""/reglages/recompenses: rewards as the company describes them, offers them, counts them."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.gifts.points import access as points
from portal.gifts.rewards import access, describing, own_wishes, rules, stock
from portal.gifts.rewards.forms import RewardForm, StockForm, VersionForm, shown
from portal.gifts.rewards.rules import (
    KIND_LABELS,
    MOVES,
    NATURE_LABELS,
    STATE_LABELS,
    STATE_TONES,
    Kind,
    State,
)
from portal.history import access as history
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.files import Kept
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Stale
from portal.kit.sheets import euros
from portal.kit.text import N_, _
from portal.kit.uploads import receive_photo
from portal.kit.web import Answer, again, done, get, page, post
from portal.law.gifts import vat_is_deductible
from portal.law.territories import Territory
from portal.people.rules import Person, Role
from portal.plans.editor.shelf import traits
from portal.referrers.joining.forms import several
from portal.referrers.rules import STATUS_LABELS

MONEY = {Role.FINANCE, Role.ADMIN}
PATH = "/reglages/recompenses"
ONE = f"{PATH}/{{ref:str}}"
EDIT = "reglages/recompenses/fiche.html"
SIDES = (1280, 640)  # a photo on its own page; on a card, for a dense screen
TERRITORIES = {
    Territory.MAINLAND: N_("France métropolitaine"),
    Territory.OVERSEAS: N_("Guadeloupe, Martinique, La Réunion"),
    Territory.OVERSEAS_FREE: N_("Guyane, Mayotte"),
    Territory.COLLECTIVITY: N_("Autres collectivités d'outre-mer"),
    Territory.UNION: N_("Autres pays de l'Union européenne"),
    Territory.THIRD: N_("Autres pays du monde"),
}
HAPPENED = {
    "gifts.reward_added": N_("Décrite"),
    "gifts.reward_described": N_("Corrigée"),
    "gifts.reward_photo": N_("Photo ajoutée"),
    "gifts.reward_photo_removed": N_("Photo retirée"),
    "gifts.reward_counted": N_("Stock compté"),
    "gifts.reward_soon": N_("Annoncée"),
    "gifts.reward_published": N_("Proposée"),
    "gifts.reward_withdrawn": N_("Retirée"),
}
CELLS: Cells = {
    "title": lambda row: row["title"],
    "kind": lambda row: _(KIND_LABELS[row["kind"]]),
    "state": lambda row: _(STATE_LABELS[row["state"]]),
    "points": lambda row: row["points"],
    "cost": lambda row: None if row["cost_cents"] is None else euros(row["cost_cents"]),
    "stock": lambda row: row["stock"],
    "wished": lambda row: row["wished"],
    "ordered": lambda row: row["ordered"],
    "supplier": lambda row: row["supplier"],
}


@get(PATH, allows=MONEY)
async def index(request: Request) -> Answer:
    columns = (
        Column("title", _("Récompense"), sortable=True), Column("kind", _("Genre")),
        Column("points", _("Points"), numeric=True, sortable=True), Column("cost", _("Coût réel TTC"), numeric=True, sortable=True),
        Column("stock", _("Reste"), numeric=True, sortable=True), Column("wished", _("Envies"), numeric=True, sortable=True),
        Column("ordered", _("Commandes"), numeric=True, sortable=True), Column("supplier", _("Fournisseur")), Column("state", _("État")),
    )  # fmt: skip
    filters = (
        Filter("q", _("Rechercher")),
        Filter("etat", _("État"), "select", [(code, _(label)) for code, label in STATE_LABELS.items()]),
        Filter("genre", _("Genre"), "select", [(code, _(label)) for code, label in KIND_LABELS.items()]),
    )
    listing = await access.catalogue(Listing.asked(request, columns, filters, sort="title"))
    return await listing.answer(
        "reglages/recompenses/index.html", cells=CELLS, name="recompenses", cell=CELLS, tones=STATE_TONES,
        waiting=await own_wishes.waiting(),
    )  # fmt: skip


@get(f"{PATH}/nouvelle", allows=MONEY)
async def new() -> Answer:
    return page(EDIT, **await _around(None, RewardForm.showing(kind=Kind.GOOD, public_agents="1")))


@post(PATH, allows=MONEY, uploads=True)
async def add(request: Request, person: Person) -> Answer:
    return await _keep(request, person, None)


@get(ONE, allows=MONEY)
async def show(person: Person, ref: str) -> Answer:
    reward = await access.reward_for(person, ref)
    return page(EDIT, **await _around(reward, RewardForm.showing(**shown(reward))))


@post(ONE, allows=MONEY, uploads=True)
async def describe(request: Request, person: Person, ref: str) -> Answer:
    return await _keep(request, person, await access.reward_for(person, ref))


async def _keep(request: Request, person: Person, reward: db.Row | None) -> Answer:
    """Written down as far as it is known; offered when asked to, and only when nothing is missing."""
    form = await RewardForm.read(request)
    said = {} if form.errors else {**form.said(), **await _eligible(form, reward)}
    offered = form.then == "publication" or (reward is not None and reward["state"] == State.PUBLISHED)
    if said and offered:
        for name, sentence in rules.missing(rules.settled(said)).items():
            form.refuse(name, _(sentence))
    kept = await _photo(form)
    if form.errors:
        return again(EDIT, **await _around(reward, form))
    async with deed(person, form.once) as doing:
        found = (
            await describing.describe(reward, form.version, **said)
            if reward
            else await describing.add(**said)
        )
        if kept:
            await describing.give_photo(found, kept)
        if form.then:
            await describing.move(THEN[form.then], found)
        doing.at(f"{PATH}/{found['ref']}")
    return done(doing)


THEN = {"publication": "publish", "annonce": "announce", "retrait": "withdraw"}


async def _eligible(form: RewardForm, reward: db.Row | None) -> dict[str, list[str]]:
    """The ticked boxes; what stands in no list is left out."""
    return {
        name: [code for code, _label in options if code in several(form.values.get(name))]
        for name, options in (await _boxes(reward)).items()
    }


async def _photo(form: RewardForm) -> list[Kept]:
    if form.errors or form.photo is None:
        return []
    try:
        return await receive_photo(form.photo, SIDES)
    except Invalid as wrong:
        form.refuse("photo", wrong.sentence)
    return []


@post([f"{ONE}/{noun}" for noun in THEN], allows=MONEY)
async def move(request: Request, person: Person, ref: str) -> Answer:
    reward, form = await access.reward_for(person, ref), await VersionForm.read(request)
    if form.errors or form.version != reward["version"]:
        raise Stale("stale")
    async with deed(person, form.once) as doing:
        await describing.move(THEN[request.scope["path"].rpartition("/")[2]], reward)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


@post(f"{ONE}/stock", allows=MONEY)
async def count(request: Request, person: Person, ref: str) -> Answer:
    reward, form = await access.reward_for(person, ref), await StockForm.read(request)
    if form.errors:
        edit = RewardForm.showing(**shown(reward))
        return again(EDIT, **await _around(reward, edit, stock_form=form))
    async with deed(person, form.once) as doing:
        await stock.count(reward["id"], form.counted, form.stock)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


@post(f"{ONE}/photo/retrait", allows=MONEY)
async def remove_photo(request: Request, person: Person, ref: str) -> Answer:
    reward, form = await access.reward_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await describing.remove_photo(reward)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


async def _boxes(reward: db.Row | None) -> dict[str, list[tuple[str, str]]]:
    """What may be ticked: tiers and segments that somebody has, or that this reward names already."""
    known = await traits()
    named = {
        f"{name}s": [
            (value, value) for value in sorted({*known[name], *(reward[f"{name}s"] if reward else ())})
        ]
        for name in ("tier", "segment")
    }
    return {
        **named,
        "statuses": [(code, _(label)) for code, label in STATUS_LABELS.items()],
        "territories": [(code, _(label)) for code, label in TERRITORIES.items()],
    }


async def _around(reward: db.Row | None, form: Form, stock_form: Form | None = None) -> dict[str, Any]:
    return {
        "reward": reward, "form": form, "boxes_of": await _boxes(reward), "stock_form": stock_form,
        "kinds": [(code, _(label)) for code, label in KIND_LABELS.items() if code != Kind.WISH],
        "natures": [(code, _(label)) for code, label in NATURE_LABELS.items()],
        "labels": {code: _(label) for code, label in STATE_LABELS.items()}, "tones": STATE_TONES,
        **(await _facts(reward) if reward else {}),
    }  # fmt: skip


async def _facts(reward: db.Row) -> dict[str, Any]:
    """What it costs and is worth, what it lacks, what happened to it."""
    cost, worth = rules.true_cost_cents(reward), await points.worth_cents(None)
    goods_over = rules.is_carried(reward) and not vat_is_deductible(cost, today(), await company.figures())
    return {
        "lacks": [_(sentence) for sentence in rules.missing(reward).values()],
        "may": {name for name, one in MOVES.items() if reward["state"] in one.origins},
        "cost_cents": cost, "worth_cents": worth, "fair_points": rules.points_for(cost, worth), "goods_over": goods_over,
        "moments": [
            {"when": event["at"], "title": _(HAPPENED[event["what"]]), "who": event["who"] or ""}
            for event in reversed(await history.of("reward", reward["id"])) if event["what"] in HAPPENED
        ],
    }  # fmt: skip
