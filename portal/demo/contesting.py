"""Who was first, and for how long: accounts that are reserved, answers that are contested, priorities that are prolonged."""

from datetime import timedelta

from portal.clients import reserved
from portal.clients.reserved import Account
from portal.demo.brought import CLAIRE, ELISE, HUGO, INES, RACHEL, SAMIR, Acts, Brought, Step, tell
from portal.demo.stage import Stage, last_working_day
from portal.kit import db
from portal.kit.days import add_months, today
from portal.leads.priority import access, disputes, expiring, extending, mails
from portal.leads.prospect import answering

RESERVED = "Groupe Bocage Distribution"
PROLONGED_MONTHS = 3
ENDS_SOON = 172  # days ago: of a priority of six months little is left


def _refused(ago: int, reason: str) -> tuple[Step, ...]:
    return (Step(ago, SAMIR, "reject", reason),)


def _at_work(ago: int) -> tuple[Step, ...]:
    return (
        Step(ago - 2, SAMIR, "accept"),
        Step(ago - 9, SAMIR, "contact"),
        Step(ago - 25, SAMIR, "propose"),
        Step(30, SAMIR, "remark", "Budget reporté au prochain exercice ; à relancer avant la clôture."),
    )


CONTESTED = (
    # right was given, and the recommendation goes on
    Brought(HUGO, 0, 20, (
        *_refused(17, "already_client"),
        Step(14, HUGO, "contest", "Leur dernier achat remonte à 2019, avec un autre dirigeant. Pouvez-vous vérifier ?"),
        Step(9, ELISE, "decide", "no_trace"), Step(6, ELISE, "contact"),
    )),
    # examined twice: the company was on the list of reserved accounts
    Brought(INES, 1, 36, (
        *_refused(33, "already_known"),
        Step(31, INES, "contest", "Le directeur m'a dit n'avoir jamais eu de vos nouvelles."),
        Step(26, ELISE, "decide", "dated_trace"),
        Step(23, INES, "appeal", "Merci de me dire de quand date votre premier échange."),
        Step(18, CLAIRE, "decide", "dated_trace"),
    ), name=RESERVED),
    # asked to be examined a second time
    Brought(INES, 2, 21, (
        *_refused(18, "outside_offer"),
        Step(16, INES, "contest", "Ils cherchent aussi une formation : c'est bien dans votre offre."),
        Step(9, ELISE, "decide", "reason_stands"),
        Step(2, INES, "appeal", "La formation concerne les douze chefs d'équipe, pas seulement le siège."),
    )),
    # not decided yet: an answer, and who was first
    Brought(HUGO, 3, 15, (
        *_refused(12, "already_known"),
        Step(3, HUGO, "contest", "J'ai présenté cette entreprise à votre stand en juin, votre collègue s'en souvient."),
    )),
    Brought(HUGO, 4, 23, (Step(21, SAMIR, "accept"), Step(18, SAMIR, "contact"))),
    Brought(RACHEL, 4, 20, (Step(5, RACHEL, "contest", "Je leur ai parlé de vous dès la rentrée, j'ai le message."),)),
    # the prospect wanted no contact: nothing was left to decide
    Brought(RACHEL, 5, 29, (
        *_refused(26, "unreachable"),
        Step(24, RACHEL, "contest", "Essayez le matin, avant neuf heures."),
        Step(21, RACHEL, "object_to"),
    )),
)  # fmt: skip
PROLONGED = (
    Brought(RACHEL, 6, ENDS_SOON, (
        *_at_work(ENDS_SOON), Step(6, RACHEL, "ask_longer", "Leur budget se vote en décision de fin d'année."),
    )),
    Brought(HUGO, 7, ENDS_SOON + 3, (
        *_at_work(ENDS_SOON + 3), Step(9, HUGO, "ask_longer", "Le chantier est décalé, le besoin reste le même."),
        Step(6, CLAIRE, "grant_longer", "Retard du client, pas le vôtre : trois mois de plus."),
    )),
    Brought(INES, 8, ENDS_SOON + 1, (
        *_at_work(ENDS_SOON + 1), Step(12, INES, "ask_longer", "Je pense pouvoir les revoir au printemps."),
        Step(9, CLAIRE, "refuse_longer", "Aucun échange depuis six mois : nous repartirons d'une nouvelle recommandation."),
    )),
)  # fmt: skip
PROSPECTS = 9


def opens(stage: Stage) -> None:
    """Put all of it on the agenda."""
    for ago, act in ((420, reserve), (70, reserve_for_a_while), (40, withdraw), (1, warn)):
        stage.on(last_working_day(stage.plot.ago(ago)), CLAIRE, act, hour=18)
    tell(stage, (*CONTESTED, *PROLONGED), ACTS, stage.plot.take_strangers(PROSPECTS))


# Reserved accounts


async def reserve(stage: Stage) -> None:
    owner = stage.people[ELISE].user_id
    since = stage.plot.ago(430)
    await reserved.reserve(
        Account(RESERVED, since, siren="", owner_id=owner, reason="Appel d'offres en cours.")
    )
    await reserved.reserve(
        Account("Chantiers de l'Estuaire", since, owner_id=owner, reason="Suivi par la direction.")
    )


async def reserve_for_a_while(stage: Stage) -> None:
    soon = stage.last_day + timedelta(60)
    await reserved.reserve(
        Account("Métropole Ouest Habitat", stage.plot.ago(70), until=soon, reason="Consultation jusqu'à la fin de l'année.")
    )  # fmt: skip


async def withdraw(stage: Stage) -> None:
    known = await reserved.standing(Account("Chantiers de l'Estuaire", stage.last_day))
    assert known is not None
    await reserved.withdraw(known)


async def warn(_stage: Stage) -> None:
    """As the clock does each night."""
    await mails.warn_ending(await expiring.ending_soon((today(), 0)))


# Disputes and longer priorities

WHY = {
    "no_trace": "Dernière facture de 2019, à une société radiée depuis : aucune trace de l'entreprise actuelle.",
    "dated_trace": "Compte réservé inscrit avant la recommandation, appel d'offres à l'appui.",
    "reason_stands": "Le besoin décrit relève d'un métier que nous ne faisons pas.",
}


async def _dispute_of(one: Brought) -> db.Row:
    return await access.dispute(await db.value("SELECT id FROM dispute WHERE lead_id = $1", one.lead_id))


async def contest(_stage: Stage, one: Brought, words: str) -> None:
    await disputes.contest(await one.lead(), words)


async def decide(stage: Stage, one: Brought, code: str) -> None:
    dispute = await _dispute_of(one)
    person = stage.people[CLAIRE if dispute["state"] == "appealed" else ELISE]
    await disputes.decide(dispute, person, dispute["version"], code, WHY[code])


async def appeal(_stage: Stage, one: Brought, words: str) -> None:
    await disputes.appeal(await one.lead(), await _dispute_of(one), words)


async def object_to(_stage: Stage, one: Brought, _words: str) -> None:
    await answering.object_to(await one.lead(), "mail")


async def ask_longer(_stage: Stage, one: Brought, words: str) -> None:
    await extending.ask(await one.lead(), words)


async def grant_longer(_stage: Stage, one: Brought, words: str) -> None:
    lead = await one.lead()
    await extending.grant(lead, add_months(lead["priority_until"], PROLONGED_MONTHS), words)


async def refuse_longer(_stage: Stage, one: Brought, words: str) -> None:
    await extending.refuse(await one.lead(), words)


ACTS: Acts = {
    act.__name__: act for act in (contest, decide, appeal, object_to, ask_longer, grant_longer, refuse_longer)
}
