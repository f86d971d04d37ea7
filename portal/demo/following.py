"""Colleagues at work: what they look at, have to do, add to a dossier, who stands in for whom, whom they call, who asks for news."""

from datetime import timedelta

from portal.demo.brought import CLAIRE, ELISE, HOMES, HUGO, INES, RACHEL, SAMIR, Acts, Brought, Step, tell
from portal.demo.filing import kept
from portal.demo.stage import Act, Stage, last_working_day, working_day
from portal.jobs.queue import TASKS
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.leads import actions
from portal.leads.assignment import handing_over, keeping
from portal.leads.conversation import asking
from portal.leads.desk import views
from portal.leads.desk.rules import Place
from portal.leads.dossier import attaching, merging, tasking, words
from portal.leads.dossier.access import Subject
from portal.leads.nudges import calls, calls_access
from portal.leads.nudges.calls_rules import ABOUT_A_LEAD
from portal.mail import choices, notices
from portal.mail.kinds import How, Topic

PLANNED_IN = 12  # days: a portfolio that will change hands


def _open(by: str, about: int, ago: int, *steps: Step, estimate_cents: int | None = None) -> Brought:
    """Accepted and called within the week; what else is told comes later."""
    answered = (Step(ago - 3, SAMIR, "accept"), Step(ago - 6, SAMIR, "contact"))
    return Brought(by, about, ago, (*answered, *steps), estimate_cents=estimate_cents)


def _twice(by: str, about: int, ago: int) -> tuple[Brought, Brought]:
    """The same company, entered a second time by who recommended it: the two become one."""
    return (
        _open(by, about, ago),
        Brought(by, about, ago - 2, (Step(ago - 7, ELISE, "join"),)),
    )


FOLLOWED = (
    # news is asked for, and is to come or has come
    _open(RACHEL, 0, 28, Step(4, RACHEL, "ask_for_news"), Step(1, SAMIR, "do_soon", "Rappeler avec une réponse sur les délais")),
    _open(INES, 1, 30, Step(8, INES, "ask_for_news"),
          Step(5, SAMIR, "word", "Le devis part demain : il attendait les mesures de l'atelier. Merci de votre patience.")),
    # a question with its answer, one without, one that was answered by telephone
    _open(HUGO, 2, 24, Step(12, HUGO, "word", "Faut-il que je sois présent au rendez-vous ?"),
          Step(9, SAMIR, "word", "Non, mais un mot de votre part la veille nous aiderait."),
          Step(2, HUGO, "word", "C'est fait. Souhaitez-vous que je lui transmette la plaquette ?")),
    _open(RACHEL, 3, 26, Step(11, RACHEL, "word", "Un devis avant la fin du mois est-il possible ?"),
          Step(6, SAMIR, "answer_by_phone"), Step(6, SAMIR, "qualify")),
    # files, a remark that was put right, things to do: late, today, soon, done
    _open(HUGO, 4, 27, Step(19, HUGO, "give_file", "plan-des-ateliers.pdf"), Step(14, SAMIR, "keep_file", "devis-v1.pdf"),
          Step(13, SAMIR, "remark_and_correct", "Rendez-vous le 14 avec la directrice, pas avec le comptable."), Step(8, SAMIR, "propose"),
          Step(6, SAMIR, "do_late", "Envoyer le devis révisé"), estimate_cents=18_400_00),
    _open(INES, 5, 25, Step(16, SAMIR, "do_and_finish", "Vérifier le nombre de postes avec l'atelier"),
          Step(9, SAMIR, "qualify"), Step(1, SAMIR, "do_today", "Proposer deux dates de visite")),
    _open(RACHEL, 6, 22, Step(10, SAMIR, "keep_file", "compte-rendu.pdf"), Step(4, SAMIR, "do_of_elise", "Prendre le relais pendant le salon")),
    # entered twice; once it turned out to be two after all
    *_twice(RACHEL, 7, 17), *_twice(HUGO, 8, 19), *_twice(INES, 9, 16),
    _open(HUGO, 10, 33),
    Brought(HUGO, 10, 31, (Step(26, ELISE, "join"), Step(22, ELISE, "separate"), Step(20, HUGO, "withdraw"))),
    # a reason of the house's own
    Brought(INES, 11, 26, (Step(23, SAMIR, "reject_as_too_far"),), place=("69003", "Lyon")),
)  # fmt: skip
PROSPECTS = 12
CHOSEN = (  # whose mails, about what, how
    (HUGO, Topic.PROGRESS, How.WEEKLY), (RACHEL, Topic.PROGRAMME, How.NONE), (INES, Topic.WORDS, How.EACH),
    (ELISE, Topic.TO_ANSWER, How.WEEKLY), (ELISE, Topic.NETWORK, How.NONE),
)  # fmt: skip
VIEWS = (  # whose, by which name, where, what it asks for, whether the team sees it, whether it opens first
    (SAMIR, "Mes devis à relancer", Place.AT_WORK, {"etat": "proposal", "suivie": "moi"}, False, True),
    (ELISE, "Devis envoyés", Place.AT_WORK, {"etat": "proposal"}, True, False),
    (ELISE, "Venues par un lien personnel", Place.ALL, {"source": "link"}, True, False),
    (CLAIRE, "Au-dessus de 10 000 €", Place.BOARD, {"montant": "10000"}, True, False),
)


def begins(stage: Stage) -> None:
    """Put all of it on the agenda; called once those who are shown have been told about."""
    tell(stage, FOLLOWED, ACTS, stage.plot.take_strangers(PROSPECTS))
    for whose, name, place, asked, shared, first in VIEWS:
        _soon(stage, 34, whose, save_view, whose, name, place, asked, shared, first)
    for whose, topic, how in CHOSEN:
        _soon(stage, 15, whose, choose, whose, topic, how)
    for whose in (*HOMES, SAMIR, ELISE, CLAIRE):
        _soon(stage, 5, whose, read_the_bell, whose, hour=19)
    for ago in (2, 0):
        for who in (SAMIR, ELISE):
            _soon(stage, ago, who, call_some, who, hour=17)
    _soon(stage, 120, SAMIR, be_away, SAMIR, ELISE, 118, 106)
    _soon(stage, 10, ELISE, be_away, ELISE, SAMIR, -21, -32)
    _soon(stage, 90, ELISE, be_away_after_all, hour=10)
    _soon(stage, 25, "", hand_over)
    _soon(stage, 4, CLAIRE, plan_to_hand_over, hour=11)
    stage.on(stage.last_day - timedelta(stage.last_day.weekday()), "", on_monday, hour=7)


def _soon(stage: Stage, ago: int, who: str, act: Act, *args: object, hour: int = 9) -> None:
    stage.on(last_working_day(stage.plot.ago(ago)), who, act, *args, hour=hour)


# What is looked at, and what is told


async def save_view(
    stage: Stage, whose: str, name: str, place: Place, asked: dict[str, str], shared: bool, first: bool
) -> None:
    person = stage.people[whose]
    view = await views.save(person, name, place, asked, shared=shared)
    if first:
        await views.open_first(person, view, first=True)


async def choose(stage: Stage, whose: str, topic: Topic, how: How) -> None:
    await choices.choose(stage.people[whose].user_id, topic, how)


async def read_the_bell(stage: Stage, whose: str) -> None:
    await notices.read_all(stage.people[whose].user_id)


async def on_monday(_stage: Stage) -> None:
    for task in ("mail.weekly", "leads.monday"):
        await TASKS[task]()


# Who stands in, who takes over, who is called


async def be_away(stage: Stage, who: str, by: str, since: int, until: int) -> None:
    """Days back from the last one told; those to come are below zero."""
    await keeping.go_away(
        stage.people[who].user_id, stage.plot.ago(since), stage.plot.ago(until), stage.people[by].user_id
    )


async def be_away_after_all(stage: Stage) -> None:
    """Called off the same day: she stays."""
    await keeping.go_away(stage.people[ELISE].user_id, stage.plot.ago(80), stage.plot.ago(76), None)
    absence = await db.row("SELECT * FROM absence ORDER BY id DESC LIMIT 1")
    assert absence is not None
    await keeping.come_back(absence)


async def hand_over(stage: Stage) -> None:
    """Some who have recommended nothing for long pass from one colleague to the other."""
    quiet = [stage.referrers[one.who.email] for one in stage.plot.members if one.until and one.sales == SAMIR]
    async with deed(stage.people[CLAIRE], notify=stage.is_loud(now())):
        planned = await handing_over.plan(
            stage.people[SAMIR].user_id, dict.fromkeys(quiet, stage.people[ELISE].user_id), today(), tells=True,
            message="Élise reprend le contact avec vous ; elle connaît bien votre région.",
        )  # fmt: skip
    await TASKS["leads.hand_over"](handover_id=planned["id"])


async def plan_to_hand_over(stage: Stage) -> None:
    """One that will, one that was called off."""
    mine = [stage.referrers[one.who.email] for one in stage.plot.members if one.until and one.sales == ELISE]
    takes = dict.fromkeys(mine, stage.people[SAMIR].user_id)
    day = working_day(stage.last_day + timedelta(PLANNED_IN))
    mistaken = await handing_over.plan(stage.people[ELISE].user_id, takes, day + timedelta(30))
    await handing_over.call_off(mistaken)
    await handing_over.plan(stage.people[ELISE].user_id, takes, day)


ANSWERED = {
    False: "Content d'avoir des nouvelles ; pense à deux entreprises.",
    True: "Rendez-vous pris pour en parler avec l'équipe.",
}


async def call_some(stage: Stage, who: str) -> None:
    """Two calls of the day: about a recommendation nobody answers; somebody else does, best a referrer."""
    found = await calls_access.of_today(stage.people[who].user_id)
    in_vain = next((call for call in found if call.why in ABOUT_A_LEAD), None)
    if in_vain:
        again = working_day(today() + timedelta(2))
        await calls.log(in_vain, "later", "En réunion jusqu'à jeudi.", again)
    others = sorted(
        (call for call in found if call is not in_vain), key=lambda call: call.why in ABOUT_A_LEAD
    )
    for call in others[:1]:
        await calls.log(call, "reached", ANSWERED[call.why in ABOUT_A_LEAD], None)


# What is done on a dossier


async def ask_for_news(_stage: Stage, one: Brought, _words: str) -> None:
    await asking.nudge(await one.lead())


async def answer_by_phone(_stage: Stage, one: Brought, _words: str) -> None:
    await asking.close_question(await one.lead())


async def remark_and_correct(stage: Stage, one: Brought, right: str) -> None:
    """Put right before the words are fixed."""
    lead = await one.lead()
    await actions.note(lead, right.replace("14", "12"), shared=False)
    ref = await db.value("SELECT ref FROM lead_note WHERE lead_id = $1 ORDER BY id DESC LIMIT 1", lead["id"])
    await words.correct(await words.own(lead, ref, stage.people[SAMIR].user_id), right)


def _doing(days: int) -> Act:
    async def add(_stage: Stage, one: Brought, title: str) -> None:
        await tasking.add(_subject(one), title, working_day(today() + timedelta(days)))

    return add


async def do_today(stage: Stage, one: Brought, title: str) -> None:
    """On the day on which the company is opened, a Saturday too."""
    await tasking.add(_subject(one), title, stage.last_day + timedelta(1))


async def do_and_finish(_stage: Stage, one: Brought, title: str) -> None:
    await tasking.finish(await tasking.add(_subject(one), title, today()))


async def do_of_elise(stage: Stage, one: Brought, title: str) -> None:
    await tasking.add(
        _subject(one), title, working_day(stage.last_day + timedelta(3)), user_id=stage.people[ELISE].user_id
    )


def _subject(one: Brought) -> Subject:
    return Subject("lead", one.lead_id, "")


async def give_file(stage: Stage, one: Brought, name: str) -> None:
    await attaching.attach(_subject(one), await kept(stage, name), shared=True)


async def keep_file(stage: Stage, one: Brought, name: str) -> None:
    """Between colleagues."""
    await attaching.attach(_subject(one), await kept(stage, name), shared=False)


async def join(_stage: Stage, one: Brought, _words: str) -> None:
    """The second joins the first."""
    goes = await one.lead()
    stays = await db.row("SELECT * FROM lead WHERE id = $1", goes["behind_lead_id"])
    assert stays is not None
    await merging.merge(goes, stays)


async def separate(_stage: Stage, one: Brought, _words: str) -> None:
    await merging.separate(await one.lead())


async def reject_as_too_far(_stage: Stage, one: Brought, _words: str) -> None:
    await actions.move(
        await one.lead(),
        "reject",
        reason=await db.value("SELECT code FROM lead_reason WHERE label_fr = 'Hors de notre région'"),
    )


ACTS: Acts = {
    "do_late": _doing(2), "do_soon": _doing(4),
    **{act.__name__: act for act in (
        ask_for_news, answer_by_phone, remark_and_correct, do_today, do_and_finish, do_of_elise, give_file, keep_file, join,
        separate, reject_as_too_far,
    )},
}  # fmt: skip
