"""The component page drawn by a plain Jinja environment: the parts need nothing of the portal but these few words."""

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.kit.assets import asset_url

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
NAV = [
    ("Accueil", "/", "house", False, 0),
    ("Recommandations", "/recommandations", "send", True, 6),
    ("Affaires", "/affaires", "handshake", False, 0),
    ("Commissions", "/commissions", "coins", False, 0),
    ("Factures", "/factures", "receipt", False, 2),
    ("Virements", "/virements", "landmark", False, 0),
    ("Réglages", "/reglages", "settings", False, 0),
]


def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(
        lambda word: word, lambda one, many, n: one if n < 2 else many, newstyle=True
    )
    env.filters |= {"money": money, "datetime": lambda when: f"{when:%d/%m/%Y} à {when:%H} h {when:%M}"}
    env.globals |= {"asset": asset_url, "once": lambda: "01HONCE"}
    return env


def money(cents: int) -> str:
    whole, rest = divmod(abs(cents), 100)
    grouped = f"{whole:,}".replace(",", "\u202f")
    return f"{'−' if cents < 0 else ''}{grouped},{rest:02d}\u00a0€"


def component_page(**changes: object) -> str:
    person = {"name": "Hugo Lemaire", "role_label": "Apporteur"}
    context: dict[str, object] = {
        "lang": "fr",
        "path": "/reglages/composants",
        "csrf": "jeton",
        "person": person,
    }
    context |= {"nav": NAV, "now": datetime(2026, 11, 21, 14, 2), **changes}  # noqa: DTZ001 a picture, not a fact
    return environment().get_template("reglages/composants.html").render(context)
