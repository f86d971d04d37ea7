"""Points and what they become: some choose them for a deal, the house fills its shelf, rewards are ordered and sent, gifts
are noted, the year that is over is provided for and declared."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.company import access as company
from portal.demo.brought import CLAIRE
from portal.demo.shelf import CARD, DINNER, GIFT, HAMPER, HEADPHONES, LARGE_CARD, SHELF, VISIT, WATCH, Item
from portal.demo.stage import Act, Stage, last_working_day, working_day
from portal.demo.story import HUGO, INES, POINTS, RACHEL
from portal.gifts.orders import access as orders
from portal.gifts.orders import codes, deciding, exporting, placing, sending
from portal.gifts.orders.code_rules import CardCode
from portal.gifts.orders.placing import Address
from portal.gifts.orders.sending import Parcel
from portal.gifts.points import choosing, provision, terms
from portal.gifts.points.terms import Terms
from portal.gifts.register import recording
from portal.gifts.register.recording import Liberality
from portal.gifts.register.rules import Cost, Nature
from portal.gifts.rewards import access as rewards
from portal.gifts.rewards import describing, own_wishes, stock, surveys, wishing
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current, deed
from portal.kit.money import vat_within
from portal.leads import access as leads
from portal.people.rules import Person
from portal.referrers import access as referrers
from portal.referrers.rules import Status
from portal.taxes.closing import deciding as closing
from portal.taxes.das2 import drawing, filing, reviewing
from portal.taxes.das2.reviewing import Contact
from portal.taxes.das2.rules import law_of

FANNY, PAUL = "fanny@maison-aubier.example", "paul@maison-aubier.example"
TERMS = Terms(
    "étoile", "étoiles", "star", "stars", valid_months=24, choice="deal", choosers=tuple(Status), gifts=True
)  # fmt: skip


@dataclass(slots=True)
class Order:
    """`steps`: what is done so many days ago, by whom."""

    by: str
    title: str
    steps: tuple[tuple[str, int, str], ...]
    order_id: int = field(default=0)


def told() -> list[Order]:
    return [
        Order(RACHEL, DINNER["title"], (("order", 170, RACHEL), ("approve", 168, FANNY), ("send", 166, FANNY), ("receive", 150, RACHEL))),
        Order(INES, HAMPER["title"], (("order", 140, INES), ("approve", 137, FANNY), ("send", 135, FANNY), ("receive", 128, INES))),
        Order(RACHEL, VISIT["title"], (("order", 80, RACHEL), ("refuse", 77, FANNY))),
        Order(RACHEL, HAMPER["title"], (("order", 40, RACHEL), ("approve", 38, FANNY), ("send", 36, PAUL), ("receive", 30, RACHEL))),
        Order(RACHEL, CARD["title"], (("order", 12, RACHEL), ("approve", 11, FANNY))),
        Order(RACHEL, HEADPHONES["title"], (("order", 8, RACHEL), ("approve", 7, FANNY), ("send", 2, FANNY))),
        Order(RACHEL, LARGE_CARD["title"], (("order", 3, RACHEL), ("approve", 2, FANNY))),
        Order(RACHEL, GIFT["title"], (("order", 1, RACHEL),)),
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gift:
    """For nothing: `to` is the address of a referrer, or the name of somebody else, of which house."""

    to: str
    what: str
    cost: Cost
    reason: str
    ago: int
    house: str = ""


def _cost(price: int, shipping: int) -> Cost:
    rate = Decimal(20)
    return Cost(price, 0, shipping, rate, vat_within(price + shipping, rate))


GIFTS = (
    Gift(
        "Odile Ferron",
        "Coffret de fin d'année",
        _cost(52_00, 8_00),
        "Cliente depuis dix ans",
        339,
        "Ferron Voiles",
    ),
    Gift(HUGO, "Livre des dix ans", _cost(28_00, 5_00), "Les dix ans de la maison", 200),
    Gift(HUGO, "Stylo gravé", _cost(45_00, 4_00), "Accueil dans nos nouveaux locaux", 90),
)
QUESTION = "Quelle récompense vous ferait le plus envie ?"
ANSWERS = ("Un vélo pliant", "Un week-end en bord de mer", "Des places de concert")
PROVIDED = "Deux récompenses sur dix ne sont jamais demandées."


def rewards_them(stage: Stage) -> None:
    """Put all of it on the agenda; colleagues have days off."""
    at_work(stage, 520, CLAIRE, count_in_points)
    for who, ago in POINTS:
        stage.on(stage.plot.ago(ago), who, choose_points, hour=18)
    for item in SHELF:
        at_work(stage, item.ago, CLAIRE, put_up, item)
    at_work(stage, 20, FANNY, load_codes)
    for one in told():
        for step, ago, who in one.steps:
            day = stage.plot.ago(ago)
            stage.on(day if who in (RACHEL, INES) else working_day(day), who, STEPS[step], one, hour=11)
    stage.on(working_day(stage.plot.ago(7)), FANNY, tell_supplier, hour=15)
    for gift in GIFTS:
        at_work(stage, gift.ago, FANNY, note, gift)
    at_work(stage, 30, CLAIRE, ask_everybody)
    stage.on(stage.plot.ago(25), RACHEL, wish, hour=20)
    at_work(stage, 14, FANNY, answer_wish)
    _closes_the_year(stage)


def at_work(stage: Stage, ago: int, who: str, act: Act, *args: object) -> None:
    stage.on(last_working_day(stage.plot.ago(ago)), who, act, *args, hour=10)


# Points


async def count_in_points(stage: Stage) -> None:
    await terms.keep(stage.programme_id, TERMS)


async def choose_points(_stage: Stage) -> None:
    """For what was recommended in the afternoon."""
    person = current().actor
    assert isinstance(person, Person)
    lead_id = await db.value("SELECT max(id) FROM lead WHERE referrer_id = $1", person.referrer_id)
    await choosing.choose_for_lead(await leads.lead(lead_id), True)


# The shelf


async def put_up(_stage: Stage, item: Item) -> None:
    reward = await describing.add(**item.said)
    for move in item.becomes:
        await describing.move(move, reward)
        reward = await rewards.reward(reward["id"])
    if item.stock is not None:
        await stock.count(reward["id"], None, item.stock)


async def load_codes(_stage: Stage) -> None:
    reward = await _reward(CARD["title"])
    await codes.load(
        reward["id"], [CardCode(f"PONANT-50-{place:04}-{place * 7919 % 9973:04}") for place in range(1, 6)]
    )


async def ask_everybody(stage: Stage) -> None:
    survey = await surveys.open_survey(QUESTION, ANSWERS, None)
    for place, who in enumerate((HUGO, INES)):
        await surveys.answer(survey["ref"], stage.referrers[who], place + 1)


async def wish(stage: Stage) -> None:
    rachel = stage.referrers[RACHEL]
    await wishing.wish((await _reward(SHELF[8].title))["id"], rachel)
    for title, words in (
        (WATCH["title"], "Une montre de marin, bracelet de toile."),
        ("Un stage de voile", "Deux jours, pour débuter."),
    ):
        await own_wishes.ask(rachel, title, words, "")


async def answer_wish(_stage: Stage) -> None:
    asked = await db.value("SELECT id FROM own_wish WHERE title = $1", WATCH["title"])
    found = await own_wishes.wish(asked)
    await own_wishes.price(found, found["version"], **WATCH)


async def _reward(title: str) -> db.Row:
    return await rewards.reward(await db.value("SELECT id FROM reward WHERE title = $1", title))


# Orders


async def order(stage: Stage, one: Order) -> None:
    who, reward = await referrers.referrer(stage.referrers[one.by]), await _reward(one.title)
    name = f"{who['first_name']} {who['last_name']}"
    address = Address(name, who["street"], who["postcode"], who["city"], who["country"], who["phone"])
    one.order_id = (await placing.place(who, reward["id"], reward["points"], address))["id"]


async def approve(_stage: Stage, one: Order) -> None:
    await deciding.approve(await orders.order(one.order_id))


async def refuse(_stage: Stage, one: Order) -> None:
    await deciding.refuse(
        await orders.order(one.order_id), "unavailable", "Le domaine ferme ses portes pour les vendanges."
    )


async def send(_stage: Stage, one: Order) -> None:
    await sending.send(await orders.order(one.order_id), Parcel("Colissimo", f"6A{one.order_id:011}"))


async def receive(_stage: Stage, one: Order) -> None:
    await sending.receive(await orders.order(one.order_id))


async def tell_supplier(stage: Stage) -> None:
    await exporting.tell(stage.entity_id, HEADPHONES["supplier"])


STEPS = {step.__name__: step for step in (order, approve, refuse, send, receive)}


# Gifts, and the year that is over


async def note(stage: Stage, gift: Gift) -> None:
    given = Liberality(gift.what, today(), Nature.GOOD, gift.cost, gift.reason)
    if gift.house:
        outsider = await recording.outsider_for(stage.entity_id, gift.to, gift.house)
        await recording.give(stage.entity_id, given, outsider_id=outsider)
    else:
        await recording.give(stage.entity_id, given, referrer_id=stage.referrers[gift.to])


def _closes_the_year(stage: Stage) -> None:
    """What is done in the months after it; its closing waits for what is still missing."""
    year = stage.last_day.year - 1
    stage.on(last_working_day(date(year + 1, 1, 20)), FANNY, provide_for, date(year, 12, 31), hour=10)
    stage.on(last_working_day(date(year + 1, 2, 10)), FANNY, open_closing, year, hour=10)
    stage.on(last_working_day(date(year + 1, 4, 20)), "", declare, year, hour=10)


async def provide_for(stage: Stage, day: date) -> None:
    await provision.provide(stage.entity_id, day, Decimal(92), Decimal(80), PROVIDED)


async def open_closing(stage: Stage, year: int) -> None:
    await closing.opened(stage.entity_id, year)


async def declare(stage: Stage, year: int) -> None:
    """Drawn, packed and filed."""
    entity, law = await company.legal_entity(), law_of(year, await company.figures())
    assert entity is not None
    contact = Contact("Fanny Delmas", "+33240000000", FANNY, True)
    drawn = await drawing.draw(entity["id"], law, reviewing.declarant_of(entity, year, contact))
    kept = await drawing.store(drawn)
    async with deed(stage.people[FANNY], notify=stage.is_loud(now())):
        run = await drawing.keep(entity["id"], drawn, kept, True)
        await filing.file(run, today(), f"DAS2-{year}-0417")
