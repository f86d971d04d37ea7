"""Points and what they become: some choose them for a deal, the house fills its shelf, rewards are ordered and sent, gifts
are noted."""

from dataclasses import dataclass, field
from decimal import Decimal

from portal.demo.brought import CLAIRE
from portal.demo.shelf import CARD, DINNER, GIFT, HAMPER, HEADPHONES, LARGE_CARD, SHELF, VISIT, WATCH, Item
from portal.demo.stage import Act, Stage, last_working_day
from portal.demo.story import HUGO, INES, POINTS, RACHEL, SALARIED, SHOWN, WATCHED
from portal.gifts.orders import access as orders
from portal.gifts.orders import codes, deciding, exporting, placing, sending
from portal.gifts.orders.code_rules import CardCode
from portal.gifts.orders.placing import Address
from portal.gifts.orders.rules import is_carried
from portal.gifts.orders.sending import Parcel
from portal.gifts.points import choosing, terms, transferring
from portal.gifts.points.terms import Terms
from portal.gifts.register import recording
from portal.gifts.register.recording import Liberality
from portal.gifts.register.rules import Cost, Nature
from portal.gifts.rewards import access as rewards
from portal.gifts.rewards import describing, own_wishes, stock, surveys, wishing
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import current
from portal.kit.money import vat_within
from portal.law import NoFigure
from portal.law.partner_employees import SMIC
from portal.leads import access as leads
from portal.people.rules import Person
from portal.referrers import access as referrers
from portal.referrers.rules import Status

FANNY, PAUL = "fanny@maison-aubier.example", "paul@maison-aubier.example"
TERMS = Terms(
    "étoile", "étoiles", "star", "stars", valid_months=24, choice="deal", choosers=tuple(Status), gifts=True
)  # fmt: skip


Steps = tuple[tuple[str, int, str], ...]
"""What is done, so many days ago, by whom. Colleagues do it up to three days earlier, on a working day."""


@dataclass(slots=True)
class Order:
    """`by`: an address, or the key of a group."""

    by: str
    title: str
    steps: Steps
    order_id: int = field(default=0)


def told(stage: Stage) -> list[Order]:
    return [
        Order(RACHEL, DINNER["title"], (("order", 170, RACHEL), ("approve", 166, FANNY), ("send", 164, FANNY), ("receive", 150, RACHEL))),
        Order(INES, HAMPER["title"], (("order", 140, INES), ("approve", 136, FANNY), ("send", 134, FANNY), ("receive", 126, INES))),
        Order(RACHEL, VISIT["title"], (("order", 80, RACHEL), ("refuse", 76, FANNY))),
        Order(SALARIED, HAMPER["title"], _as_far_as_counted(stage)),
        Order(RACHEL, HAMPER["title"], (("order", 40, RACHEL), ("approve", 36, FANNY), ("send", 34, PAUL), ("receive", 28, RACHEL))),
        Order(RACHEL, HEADPHONES["title"], (("order", 25, RACHEL), ("approve", 21, FANNY), ("send", 17, FANNY), ("miss", 5, RACHEL))),
        Order(RACHEL, CARD["title"], (("order", 12, RACHEL), ("approve", 8, FANNY))),
        Order(INES, HAMPER["title"], (("order", 10, INES), ("approve", 6, FANNY), ("send", 3, PAUL))),
        Order(RACHEL, LARGE_CARD["title"], (("order", 6, RACHEL), ("approve", 2, FANNY))),
        Order(RACHEL, GIFT["title"], (("order", 1, RACHEL),)),
    ]  # fmt: skip


def _as_far_as_counted(stage: Stage) -> Steps:
    """Of an employee of a partner: while the minimum wage of the year is not known, finance cannot approve."""
    whole: Steps = (
        ("order", 60, SALARIED),
        ("approve", 56, FANNY),
        ("send", 54, FANNY),
        ("receive", 45, SALARIED),
    )
    assert stage.figures is not None
    try:
        stage.figures.number(SMIC, stage.plot.ago(54))
    except NoFigure:
        return whole[:1]
    return whole


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
SURVEYS = (  # asked and closed so many days ago; what, among which, and who chose which of them
    (210, 180, "Pour votre prochaine récompense, vous préférez…", ("Un objet", "Une sortie", "Une carte cadeau"), (3, 2, 3)),
    (30, None, "Quelle récompense vous ferait le plus envie ?",
     ("Un vélo pliant", "Un week-end en bord de mer", "Des places de concert"), (None, 1, 2)),
)  # fmt: skip
GIVEN, WITH_WORDS = 15, "Pour le coup de main de l'autre jour."


def rewards_them(stage: Stage) -> None:
    """Put all of it on the agenda; colleagues have days off."""
    at_work(stage, 520, CLAIRE, count_in_points)
    for who, ago in POINTS:
        stage.on(stage.plot.ago(ago), stage.plot.member(who).who.email, choose_points, hour=18)
    for item in SHELF:
        at_work(stage, item.ago, CLAIRE, put_up, item)
    at_work(stage, 20, FANNY, load_codes)
    for one in told(stage):
        for step in one.steps:
            _on_agenda(stage, one, *step)
    at_work(stage, 19, FANNY, tell_supplier, hour=HOURS["tell"])
    stage.on(stage.plot.ago(45), RACHEL, give_points, hour=19)
    for gift in GIFTS:
        at_work(stage, gift.ago, FANNY, note, gift)
    for asked, closed, *question in SURVEYS:
        at_work(stage, asked, CLAIRE, ask_everybody, *question)
        if closed:
            at_work(stage, closed, CLAIRE, close_question)
    stage.on(stage.plot.ago(25), RACHEL, wish, hour=20)
    at_work(stage, 14, FANNY, answer_wish)


def _on_agenda(stage: Stage, one: Order, step: str, ago: int, who: str) -> None:
    if who in (FANNY, PAUL):
        at_work(stage, ago, who, STEPS[step], one, hour=HOURS[step])
    else:
        stage.on(stage.plot.ago(ago), stage.plot.member(who).who.email, STEPS[step], one, hour=HOURS[step])


def at_work(stage: Stage, ago: int, who: str, act: Act, *args: object, hour: int = 10) -> None:
    stage.on(last_working_day(stage.plot.ago(ago)), who, act, *args, hour=hour)


# Points


async def count_in_points(stage: Stage) -> None:
    await terms.keep(stage.programme_id, TERMS)


async def choose_points(_stage: Stage) -> None:
    """For what was recommended in the afternoon."""
    person = current().actor
    assert isinstance(person, Person)
    lead_id = await db.value("SELECT max(id) FROM lead WHERE referrer_id = $1", person.referrer_id)
    await choosing.choose_for_lead(await leads.lead(lead_id), True)


async def give_points(stage: Stage) -> None:
    """To somebody who helped."""
    to = stage.referrers[stage.plot.member(WATCHED).who.email]
    await transferring.give(stage.referrers[RACHEL], to, GIVEN, WITH_WORDS)


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


async def ask_everybody(
    stage: Stage, question: str, labels: tuple[str, ...], chosen: tuple[int | None, ...]
) -> None:
    survey = await surveys.open_survey(question, labels, None)
    for who, position in zip(SHOWN, chosen, strict=True):
        if position:
            await surveys.answer(survey["ref"], stage.referrers[who], position)


async def close_question(_stage: Stage) -> None:
    await surveys.close((await surveys.surveys())[0])


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
    email = stage.plot.member(one.by).who.email
    who, reward = await referrers.referrer(stage.referrers[email]), await _reward(one.title)
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
    placed = await orders.order(one.order_id)
    await sending.send(
        placed, Parcel("Colissimo", f"6A{one.order_id:011}") if is_carried(placed) else Parcel()
    )


async def receive(_stage: Stage, one: Order) -> None:
    await sending.receive(await orders.order(one.order_id))


async def miss(_stage: Stage, one: Order) -> None:
    await sending.miss(await orders.order(one.order_id))


async def tell_supplier(stage: Stage) -> None:
    await exporting.tell(stage.entity_id, HEADPHONES["supplier"])


STEPS = {step.__name__: step for step in (order, approve, refuse, send, receive, miss)}
# The later step has the later hour: weekends may bring them to the same day.
HOURS = {"order": 9, "approve": 11, "refuse": 11, "tell": 13, "send": 15, "receive": 18, "miss": 18}


# Gifts


async def note(stage: Stage, gift: Gift) -> None:
    given = Liberality(gift.what, today(), Nature.GOOD, gift.cost, gift.reason)
    if gift.house:
        outsider = await recording.outsider_for(stage.entity_id, gift.to, gift.house)
        await recording.give(stage.entity_id, given, outsider_id=outsider)
    else:
        await recording.give(stage.entity_id, given, referrer_id=stage.referrers[gift.to])
