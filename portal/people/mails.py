"""The mails of accounts. A link in a mail opens a page with a button, never more."""

from datetime import date
from typing import Any

from portal.kit import db
from portal.mail import outbox
from portal.settings import settings


async def _post(kind: str, user: db.Row, **values: Any) -> None:
    await outbox.post(
        f"people.{kind}", to_user=user["id"], to_email=user["email"], language=user["language"],
        subject_kind="user", subject_id=user["id"], name=user["name"], **values,
    )  # fmt: skip


def _link(path: str) -> str:
    return f"{settings().origin}{path}"


async def sign_in(user: db.Row, token: str) -> None:
    await _post("sign_in", user, link=_link(f"/connexion/lien/{token}"))


async def invitation(user: db.Row, token: str) -> None:
    await _post("invitation", user, link=_link(f"/invitation/{token}"))


async def reset(user: db.Row, token: str) -> None:
    await _post("reset", user, link=_link(f"/mot-de-passe/{token}"))


async def new_seat(user: db.Row) -> None:
    await _post("new_seat", user, link=_link("/connexion"))


async def passkey_added(user: db.Row, key: str) -> None:
    await _post("passkey_added", user, label=key, link=_link("/compte/cles"))


async def passkey_removed(user: db.Row, key: str) -> None:
    await _post("passkey_removed", user, label=key, link=_link("/compte/cles"))


async def handover_asked(user: db.Row, giver: str) -> None:
    await _post("handover_asked", user, giver=giver, link=_link("/profil/personnes"))


async def handover_answered(giver: db.Row, taker: db.Row, answer: str) -> None:
    await _post(f"handover_{answer}", giver, taker=taker["name"], link=_link("/profil/personnes"))


async def idle(user: db.Row, until: date, key: str) -> None:
    await _post("idle", user, until=until, key=key, link=_link("/connexion"))


async def erasure_asked(user: db.Row, due_on: date) -> None:
    await _post("erasure_asked", user, due_on=due_on, link=_link("/compte/donnees"))


async def erasure_refused(user: db.Row, reason: str) -> None:
    await _post("erasure_refused", user, reason=reason, link=_link("/compte/donnees"))


async def password_changed(user: db.Row) -> None:
    await _post("password_changed", user, link=_link("/mot-de-passe"))
