"""Forms: all errors at once, typed values kept, a message in the reader's language under each field."""

import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, ClassVar, Self

from litestar import Request
from litestar.datastructures import UploadFile
from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from portal.kit.deed import Once
from portal.kit.text import N_, _

SENTENCES = {
    "missing": N_("Ce champ est nécessaire."),
    "string_too_short": N_("Ce champ est nécessaire."),
    "string_too_long": N_("Ce texte est trop long (%(max_length)s caractères au plus)."),
    "int_parsing": N_("Un nombre entier est attendu."),
    "int_from_float": N_("Un nombre entier est attendu."),
    "decimal_parsing": N_("Un nombre est attendu, par exemple 12,5."),
    "date_from_datetime_parsing": N_("Une date est attendue, par exemple 12/03/2027."),
    "date_parsing": N_("Une date est attendue, par exemple 12/03/2027."),
    "literal_error": N_("Choisissez une des réponses proposées."),
    "enum": N_("Choisissez une des réponses proposées."),
    "greater_than": N_("Ce nombre doit dépasser %(gt)s."),
    "greater_than_equal": N_("Ce nombre doit être au moins %(ge)s."),
    "less_than_equal": N_("Ce nombre doit être au plus %(le)s."),
}
OTHERWISE = N_("Cette réponse n'est pas valable.")
CONTROLS = ("csrf", "once")


class Form(BaseModel):
    """Subclass with typed fields. A validator refuses with a `portal.kit.identifiers.Invalid` or a ValueError(msgid)."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, arbitrary_types_allowed=True)
    SENTENCES: ClassVar[
        Mapping[str, str]
    ] = {}  # 'field.type' → msgid, where the general one is not good enough

    _errors: dict[str, str] = PrivateAttr(default_factory=dict)
    _typed: dict[str, Any] = PrivateAttr(default_factory=dict)
    _once: Once = PrivateAttr(default_factory=lambda: Once(""))

    @classmethod
    async def read(cls, request: Request) -> Self:
        typed = await _typed_values(request)
        form = cls.of(typed)
        form._once = Once(str(typed.get("once", "")), request.scope["path"], _digestible(typed))
        return form

    @classmethod
    def of(cls, typed: dict[str, Any]) -> Self:
        """A form from values as typed, a query string for instance."""
        given = {name: value for name, value in typed.items() if value not in ("", None, [])}
        try:
            form = cls.model_validate(given)
        except ValidationError as wrong:
            form = cls.model_construct()
            form._errors = {_field(error): cls._sentence(error) for error in wrong.errors()}
        form._typed = typed
        return form

    @classmethod
    def showing(cls, **values: Any) -> Self:
        """A form not yet sent, with what is known already."""
        form = cls.model_construct()
        form._typed = {name: "" if value is None else value for name, value in values.items()}
        return form

    @classmethod
    def _sentence(cls, error: Any) -> str:
        cause = error.get("ctx", {}).get("error")
        own = cls.SENTENCES.get(f"{_field(error)}.{error['type']}")
        if own is None and cause is not None:
            return cause.sentence if hasattr(cause, "sentence") else _(str(cause))
        return _(own or SENTENCES.get(error["type"], OTHERWISE)) % error.get("ctx", {})

    @property
    def errors(self) -> dict[str, str]:
        return self._errors

    @property
    def values(self) -> dict[str, Any]:
        """As typed, for the page that shows the form again."""
        return self._typed

    @property
    def once(self) -> Once:
        return self._once

    def refuse(self, field: str, sentence: str) -> Self:
        """Add an error that only the verb could know; `sentence` is already in the reader's language."""
        self._errors[field] = sentence
        return self


def fresh_once() -> str:
    return secrets.token_urlsafe(18)


_offered: ContextVar[bool] = ContextVar("offered", default=True)


def offer(acts: bool) -> None:
    """Whether the pages of this request offer anything to do: to who only reads, no form is drawn."""
    _offered.set(acts)


def offered() -> bool:
    return _offered.get()


async def _typed_values(request: Request) -> dict[str, Any]:
    """One value per name; several with the same name become a list; an empty file field is nothing."""
    data = await request.form()
    typed: dict[str, Any] = {}
    for name, given in data.multi_items():
        if isinstance(given, UploadFile) and not given.filename:
            continue
        # NUL: nobody types it, and PostgreSQL keeps no text with it
        value = given.replace("\0", "") if isinstance(given, str) else given
        if name in typed:
            before = typed[name]
            typed[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            typed[name] = value
    return typed


def _field(error: Any) -> str:
    return str(error["loc"][0]) if error["loc"] else ""


def _digestible(typed: dict[str, Any]) -> bytes:
    asked = {
        name: value.filename if isinstance(value, UploadFile) else value
        for name, value in typed.items()
        if name not in CONTROLS
    }
    return repr(sorted(asked.items())).encode()
