"""Words: French msgids, English by catalogue, French typography, and how amounts and days are written.

`_("…")` speaks the language of the current request, mail or job (`speaking(language)`), in the words of its programme:
apporteur and prospect, or parrain and filleul, a catalogue laid over the language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.dates import format_date, format_timedelta
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from portal.kit.days import PARIS, now

LANGUAGES = ("fr", "en")
LOCALES = {"fr": "fr_FR", "en": "en_GB"}
CATALOGUES = Path(__file__).parent.parent / "locale"
NARROW, WIDE = "\u202f", "\u00a0"

WORD_SETS = ("apporteur", "parrain")
_language: ContextVar[str] = ContextVar("language", default="fr")
_words: ContextVar[str] = ContextVar("words", default="apporteur")
Called = tuple[str, ...]
"""What a programme calls its points: one and many in French, one and many in English; nothing: points."""
_called: ContextVar[Called] = ContextVar("called", default=())


class French(NullTranslations):
    """The msgids themselves; nought and one are singular."""

    def gettext(self, message: str) -> str:
        return thin_spaces(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return thin_spaces(msgid2 if n > 1 else msgid1)


class Catalogue(NullTranslations):
    """All .po files of a folder as one: locale/en, or what is laid over a language, locale/parrain/fr."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.one: dict[str, str] = {}
        self.many: dict[str, tuple[str, ...]] = {}
        for path in sorted(folder.glob("*.po")):
            with path.open("rb") as file:
                self._take(read_po(file, locale="en"))

    def _take(self, catalogue) -> None:
        for message in catalogue:
            if not message.id or not message.string:
                continue
            if isinstance(message.id, tuple):
                self.many[message.id[0]] = tuple(message.string)
            else:
                self.one[message.id] = message.string

    def gettext(self, message: str) -> str:
        return self.one.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        said = self.many.get(msgid1, (msgid1, msgid2))
        return said[0 if n == 1 else 1]


class Overlay(NullTranslations):
    """Sentences of another word set, laid over a language."""

    def __init__(self, below: NullTranslations, folder: Path) -> None:
        super().__init__()
        self.below, self.above = below, Catalogue(folder)

    def gettext(self, message: str) -> str:
        return self.below.gettext(self.above.one.get(message, message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        one, many = self.above.many.get(msgid1, (msgid1, msgid2))
        return self.below.ngettext(one, many, n)


@cache
def translations(language: str, words: str = "apporteur") -> NullTranslations:
    if words != "apporteur":
        return Overlay(translations(language), CATALOGUES / words / language)
    return Catalogue(CATALOGUES / "en") if language == "en" else French()


def _(message: str) -> str:
    return translations(language(), _words.get()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    return translations(language(), _words.get()).ngettext(one, many, n)


def N_(message: str) -> str:
    """Marks a msgid that stands in a table and is said later."""
    return message


def language() -> str:
    return _language.get()


def speak(wanted: str, words: str = "apporteur", called: Called = ()) -> None:
    """For the rest of this request."""
    _language.set(wanted if wanted in LANGUAGES else "fr")
    _called.set(called)
    speak_words(words)


def speak_words(wanted: str) -> None:
    """For the rest of this request: the words of the programme that the page is about."""
    _words.set(wanted if wanted in WORD_SETS else "apporteur")


@contextmanager
def speaking(wanted: str, words: str = "apporteur", called: Called = ()) -> Iterator[None]:
    """Documents of law keep the words of the law: unless others are named, apporteur and prospect, and points."""
    before = _language.get(), _words.get(), _called.get()
    speak(wanted, words, called)
    try:
        yield
    finally:
        speak(*before)


@cache
def thin_spaces(text: str) -> str:
    """French punctuation keeps its space on the same line, apostrophes are curved.

    For msgids, before interpolation; never for typed values."""
    text = re.sub(r" ([;?!])", NARROW + r"\1", text)
    text = re.sub(r" (:|»)", WIDE + r"\1", text)
    text = re.sub(r"« ", "«" + WIDE, text).replace("'", "\u2019")
    return re.sub(r"(?<=\d) (?=[€%])", WIDE, text)


def money(cents: int | None) -> str:
    """1 234,56 € in French, €1,234.56 in English."""
    if cents is None:
        return "–"
    amount = number(cents)
    return f"{amount}{WIDE}€" if language() == "fr" else (f"-€{amount[1:]}" if cents < 0 else f"€{amount}")


def number(cents: int) -> str:
    """Cents as a number with two decimals, without the sign of the currency."""
    return format_decimal(Decimal(cents) / 100, format="#,##0.00", locale=LOCALES[language()])


def points(amount: int, called: Called | None = None) -> str:
    """'120 points', or as this programme, else the reader's own, calls them: '120 feuilles'."""
    said = format_decimal(amount, locale=LOCALES[language()])
    own = _called.get() if called is None else called
    if own:
        return f"{said}{WIDE}{_own_name(amount, own)}"
    return ngettext("%(n)s point", "%(n)s points", amount) % {"n": said}


def points_called(called: Called | None = None) -> str:
    """Their name alone, of many."""
    own = _called.get() if called is None else called
    return _own_name(2, own) if own else _("points")


def _own_name(amount: int, own: Called) -> str:
    """Nought and one are singular in French."""
    one, many = own[:2] if language() == "fr" else own[2:]
    return one if (abs(amount) <= 1 if language() == "fr" else abs(amount) == 1) else many


def percent(rate: Decimal | int | str) -> str:
    """A rate given in percent: '12,5 %'."""
    said = format_decimal(rate, format="#,##0.####", locale=LOCALES[language()])
    return f"{said}{WIDE}%" if language() == "fr" else f"{said}%"


def day(value: date | datetime | None, style: str = "long") -> str:
    """12 mars 2027; an instant is shown as its day in Paris."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(PARIS).date()
    return _written(value, style)


def _written(value: date, style: str) -> str:
    """The first of a month is written 1er in French."""
    said = format_date(value, style, locale=LOCALES[language()])
    return re.sub(r"\b1(?= \D)", "1er", said) if language() == "fr" else said


def short_day(value: date | datetime | None) -> str:
    """12/03/2027."""
    return day(value, "dd/MM/yyyy")


def moment(value: datetime | None) -> str:
    """12 mars 2027 à 14 h 02, by the clock in Paris."""
    if value is None:
        return "–"
    return _("%(day)s à %(time)s") % {"day": day(value), "time": clock(value)}


def clock(value: datetime) -> str:
    """14 h 02 in French, 14:02 in English."""
    local = value.astimezone(PARIS)
    return f"{local:%H}{WIDE}h{WIDE}{local:%M}" if language() == "fr" else f"{local:%H:%M}"


def deadline(value: datetime | None) -> str:
    """jeudi 26 novembre à 18 h: an instant by which something is promised."""
    if value is None:
        return "–"
    local = value.astimezone(PARIS)
    said = _written(local.date(), "EEEE d MMMM")
    hour = f"{local.hour}{WIDE}h" if language() == "fr" and not local.minute else clock(value)
    return _("%(day)s à %(time)s") % {"day": said, "time": hour}


def about(cents: int) -> str:
    """Whole euros, for an estimate: 960 €."""
    whole = format_decimal(Decimal(cents).scaleb(-2).to_integral_value(), locale=LOCALES[language()])
    return f"{whole}{WIDE}€" if language() == "fr" else f"€{whole}"


def ago(value: datetime | None) -> str:
    """il y a 3 jours."""
    if value is None:
        return "–"
    return format_timedelta(value - now(), add_direction=True, locale=LOCALES[language()])
