"""The component page as the portal draws it, without a request."""

from datetime import datetime

from portal.kit.days import PARIS
from portal.kit.templates import TEMPLATES, environment

__all__ = ["TEMPLATES", "component_page", "environment"]

NAV = [
    ("Accueil", "/", "home", False, 0),
    ("Recommandations", "/recommandations", "send", True, 6),
    ("Affaires", "/affaires", "handshake", False, 0),
    ("Commissions", "/commissions", "coins", False, 0),
    ("Factures", "/factures", "receipt", False, 2),
    ("Virements", "/virements", "landmark", False, 0),
    ("Réglages", "/reglages", "settings", False, 0),
]


def component_page(**changes: object) -> str:
    person = {"name": "Hugo Lemaire", "role_label": "Apporteur"}
    context: dict[str, object] = {
        "lang": "fr",
        "path": "/reglages/composants",
        "csrf": "jeton",
        "person": person,
    }
    context |= {"nav": NAV, "now": datetime(2026, 11, 21, 14, 2, tzinfo=PARIS), **changes}
    return environment().get_template("reglages/composants.html").render(context)
