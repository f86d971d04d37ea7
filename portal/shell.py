"""What every page of the shell shows: the person, the way around, the tokens of its forms."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from litestar import Request

from portal.kit import csrf
from portal.kit.text import N_, _, language
from portal.people.reach import reaches
from portal.people.rules import STAFF, Person, Role


@dataclass(frozen=True, slots=True)
class Way:
    label: str
    href: str
    icon: str
    roles: frozenset[Role]
    also: tuple[str, ...] = ()  # pages of the same place under another path


TASKS = "/taches"
WAYS = (
    Way(N_("Accueil"), "/", "home", STAFF | {Role.REFERRER}),
    Way(N_("Recommander"), "/recommandations/nouvelle", "plus", frozenset({Role.REFERRER})),
    Way(N_("Recommandations"), "/recommandations", "inbox", STAFF | {Role.REFERRER}),
    Way(N_("Tâches"), TASKS, "circle-check", frozenset({Role.SALES})),
    Way(N_("Affaires"), "/affaires", "briefcase", STAFF),
    Way(N_("Commissions"), "/commissions", "coins", STAFF | {Role.REFERRER}),
    Way(N_("Factures"), "/factures", "file-text", frozenset({Role.FINANCE, Role.ADMIN, Role.REFERRER})),
    Way(N_("Virements"), "/virements", "send", frozenset({Role.FINANCE, Role.ADMIN, Role.REFERRER})),
    Way(N_("Comptabilité"), "/arretes", "scale", frozenset({Role.FINANCE, Role.ADMIN}), ("/comptabilite",)),
    Way(N_("Récompenses"), "/recompenses", "gift", STAFF | {Role.REFERRER}, ("/reglages/recompenses",)),
    Way(N_("Fiscalité"), "/fiscalite", "landmark", frozenset({Role.FINANCE, Role.ADMIN, Role.REFERRER})),
    Way(N_("Apporteurs"), "/apporteurs", "users", STAFF),
    Way(N_("Clients"), "/clients", "handshake", STAFF),
    Way(N_("Contrats"), "/contrats", "pen", STAFF | {Role.REFERRER}),
    Way(N_("Mon barème"), "/programme", "scale", frozenset({Role.REFERRER})),
    Way(N_("Mon profil"), "/profil", "user", frozenset({Role.REFERRER})),
    Way(N_("Réglages"), "/reglages", "settings", STAFF),
)


class NavItem(NamedTuple):
    label: str
    href: str
    icon: str
    current: bool
    waiting: int = 0


def navigation(person: Person | None, path: str) -> list[NavItem]:
    if person is None:
        return []
    ways = [way for way in WAYS if person.may(*way.roles) and (way.href == "/" or reaches(person, way.href))]
    here = max(
        (one for way in ways for one in (way.href, *way.also) if _leads_to(one, path)), key=len, default=""
    )
    return [
        NavItem(
            _(way.label),
            way.href,
            way.icon,
            here in (way.href, *way.also),
            person.due if way.href == TASKS else 0,
        )
        for way in ways
    ]


def _leads_to(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(f"{href}/"))


def shell(request: Request) -> dict[str, Any]:
    state = request.scope["state"]
    person, path = state.get("person"), request.scope["path"]
    return {
        "person": person,
        "nav": navigation(person, path),
        "csrf": csrf.token(state["binding"]) if state.get("binding") else "",
        "lang": language(),
        "path": path,
        "brand": state.get("brand"),
        "theme": request.cookies.get("theme", ""),
        "unread": len(person.unread) if person else 0,
    }
