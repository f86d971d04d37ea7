"""The one Jinja environment: strict, escaping, speaking the reader's language."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.kit import text
from portal.kit.assets import asset_url
from portal.kit.forms import fresh_once, offered
from portal.kit.identifiers import shown_phone

TEMPLATES = Path(__file__).parent.parent.parent / "templates"

FILTERS = {
    "money": text.money,
    "number": text.number,
    "points": text.points,
    "percent": text.percent,
    "date": text.day,
    "day": text.day,
    "short_day": text.short_day,
    "datetime": text.moment,
    "clock": text.clock,
    "ago": text.ago,
    "deadline": text.deadline,
    "about": text.about,
    "phone": shown_phone,
}


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_callables(text._, text.ngettext, newstyle=True)  # pyright: ignore
    made.policies["ext.i18n.trimmed"] = True
    made.filters.update(FILTERS)
    made.globals.update(asset=asset_url, once=fresh_once, offered=offered, points_called=text.points_called)
    return made


@cache
def plain_environment() -> Environment:
    """For the text of mails: nothing is escaped, and the end of a line stays one."""
    made = environment().overlay(autoescape=False, trim_blocks=False)
    made.policies = environment().policies
    return made
