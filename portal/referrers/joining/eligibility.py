"""Who may become a referrer: what the law and the house refuse, and what a programme asks for. Pure."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from enum import StrEnum

from portal.kit.text import N_
from portal.referrers.rules import STATUS_LABELS, Status


class Why(StrEnum):
    """Why somebody is not taken: the first five by rule, at once; the others by whoever reads the application."""

    MINOR = "minor"
    OF_THE_HOUSE = "of_the_house"
    OWN_GROUP = "own_group"
    PUBLIC_BUYER = "public_buyer"
    BLOCKED_COUNTRY = "blocked_country"
    NO_FIT = "no_fit"
    NO_NEED = "no_need"
    UNKNOWN = "unknown"
    OTHER = "other"


WHY_LABELS = {
    Why.MINOR: N_("Mineur"),
    Why.OF_THE_HOUSE: N_("Salarié ou dirigeant de l'entreprise"),
    Why.OWN_GROUP: N_("Salarié ou dirigeant d'une société du groupe"),
    Why.PUBLIC_BUYER: N_("Lié à un acheteur public"),
    Why.BLOCKED_COUNTRY: N_("Pays non coopératif en matière fiscale"),
    Why.NO_FIT: N_("Activité sans rapport avec la nôtre"),
    Why.NO_NEED: N_("Réseau complet pour le moment"),
    Why.UNKNOWN: N_("Identité ou situation impossible à vérifier"),
    Why.OTHER: N_("Autre raison"),
}
# What is said to the person, by mail or at once.
WHY_SAYS = {
    Why.MINOR: N_("Il faut avoir 18 ans pour signer le contrat et recevoir une commission."),
    Why.OF_THE_HOUSE: N_(
        "Les salariés et les dirigeants de l'entreprise ne peuvent pas recevoir de commission : recommander fait partie de leur travail."
    ),
    Why.OWN_GROUP: N_(
        "Les salariés et les dirigeants d'une société du même groupe ne peuvent pas recevoir de commission."
    ),
    Why.PUBLIC_BUYER: N_(
        "Une personne liée à un acheteur public ne peut pas recevoir de commission : la loi pénale l'interdit (articles 432-11 et 433-1 du code pénal)."
    ),
    Why.BLOCKED_COUNTRY: N_(
        "Aucune commission ne peut être versée dans un pays que la France tient pour non coopératif en matière fiscale."
    ),
    Why.NO_FIT: N_("Votre activité est trop éloignée de la nôtre pour que des recommandations aboutissent."),
    Why.NO_NEED: N_("Notre réseau est complet pour le moment."),
    Why.UNKNOWN: N_("Nous n'avons pas pu vérifier votre identité ou votre situation."),
    Why.OTHER: N_("Votre candidature n'a pas été retenue."),
}
BY_RULE = (Why.MINOR, Why.OF_THE_HOUSE, Why.OWN_GROUP, Why.PUBLIC_BUYER, Why.BLOCKED_COUNTRY)
BY_SOMEBODY = tuple(why for why in Why if why not in BY_RULE)

HOUSE = {
    "no": N_("Non"),
    "house": N_("Oui, j'y suis salarié ou dirigeant"),
    "group": N_("Oui, dans une société du même groupe"),
}
PUBLIC = {
    "no": N_("Non"),
    "agent": N_("Je suis agent public, sans lien avec des achats"),
    "buyer": N_("Oui, je participe à des achats publics ou j'en décide"),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody says of themselves; `domain` is that of their e-mail address."""

    adult: bool
    house: str
    public: str
    country: str
    domain: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """What is known of the company: the domains of its colleagues' addresses, the countries where nothing is paid."""

    domains: Set[str] = field(default_factory=frozenset)
    blocked: Set[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Rule:
    why: Why
    broken: Callable[[Answers, House], bool]


RULES = (
    Rule(Why.MINOR, lambda said, house: not said.adult),
    Rule(Why.OF_THE_HOUSE, lambda said, house: said.house == "house" or said.domain in house.domains),
    Rule(Why.OWN_GROUP, lambda said, house: said.house == "group"),
    Rule(Why.PUBLIC_BUYER, lambda said, house: said.public == "buyer"),
    Rule(Why.BLOCKED_COUNTRY, lambda said, house: said.country in house.blocked),
)


def turned_away(said: Answers, house: House) -> Why | None:
    """The first rule that is broken; none when the law has nothing against it."""
    return next((rule.why for rule in RULES if rule.broken(said, house)), None)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a programme asks of who applies."""

    opened: bool
    statuses: tuple[str, ...]
    countries: tuple[str, ...]
    invited_only: bool = False
    most: int | None = None
    automatic: bool = False


CLOSED, INVITED_ONLY, FULL = "closed", "invited_only", "full"
SHUT = {
    CLOSED: N_("Les candidatures sont fermées pour le moment."),
    INVITED_ONLY: N_("Ce programme s'ouvre sur invitation : saisissez le code que vous avez reçu."),
    FULL: N_("Toutes les places sont prises pour le moment."),
}


def shut(terms: Terms, accepted: int, *, invited: bool) -> str:
    """Why nobody may apply now; a valid invitation opens the page of a programme that is closed to others."""
    if terms.most is not None and accepted >= terms.most:
        return FULL
    if invited:
        return ""
    if not terms.opened:
        return CLOSED
    return INVITED_ONLY if terms.invited_only else ""


UNFIT = {
    "status": N_("Ce programme n'est pas ouvert à cette situation : %(open)s."),
    "country": N_("Ce programme n'est pas ouvert à ce pays."),
}


def unfit(terms: Terms, status: str, country: str) -> str:
    """The field that does not fit the programme, if any."""
    if status not in terms.statuses:
        return "status"
    return "country" if country not in terms.countries else ""


def accepts_itself(terms: Terms, *, invited: bool, public_agent: bool, tried_before: bool) -> bool:
    """Without anybody reading it. A public agent shows an authorisation first; who was turned away once is looked at."""
    return (terms.automatic or invited) and not public_agent and not tried_before


def status_choices(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Code and label, in the order of the house."""
    return [(status.value, STATUS_LABELS[status]) for status in Status if status in codes]
