"""/demo: come in as anybody with one click, see the mails that were sent. These doors exist in the demo alone."""

from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from pyotp.totp import TOTP

from portal.demo.cast import ACCOUNTANT, PASSWORD, REFERRERS, STAFF, TOTP_SECRET
from portal.doors import cookie, session_cookie
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.text import _
from portal.kit.web import ANYONE, Answer, get, page, post, see
from portal.mail import access as mails
from portal.people import sessions
from portal.people.access import user_by_email
from portal.settings import settings


def in_the_demo(_connection: ASGIConnection, _handler: BaseRouteHandler) -> None:
    if not settings().demo:
        raise NotFound("demo")


MAIL_CELLS: Cells = {
    "subject": lambda row: row["subject"],
    "to": lambda row: row["to_email"],
    "day": lambda row: row["created_at"],
}


class VisitForm(Form):
    email: str


@get("/demo", allows=ANYONE, guards=[in_the_demo])
async def visit() -> Answer:
    return page(
        "demo/visit.html",
        people=[*STAFF, ACCOUNTANT, *REFERRERS],
        password=PASSWORD,
        code=TOTP(TOTP_SECRET).at(now()),
    )


@post("/demo/visite", allows=ANYONE, guards=[in_the_demo])
async def come_in(request: Request) -> Answer:
    form = await VisitForm.read(request)
    user = await user_by_email(form.email) if not form.errors else None
    if user is None:
        raise NotFound("demo")
    seat_id = await db.value(
        "SELECT id FROM membership WHERE user_id = $1 AND role = 'referrer' AND ended_at IS NULL", user["id"]
    )
    async with deed(Machine("demo")):
        token = await sessions.open_session(
            user["id"], seat_id=seat_id, step="full", second_factor=seat_id is None
        )
    answer = see("/")
    answer.set_cookie(**cookie(session_cookie(), token, 12 * 3600))
    return answer


@get("/demo/courriels", allows=ANYONE, guards=[in_the_demo])
async def sent(request: Request) -> Answer:
    columns = (
        Column("subject", _("Objet")),
        Column("to", _("Adresse e-mail"), sortable=True),
        Column("day", _("Date"), sortable=True),
    )
    listing = await mails.posted(Listing.asked(request, columns, (Filter("q", _("Rechercher")),)))
    return await listing.answer("demo/mails.html", cells=MAIL_CELLS, name="courriels")


@get("/demo/courriels/{ref:str}", allows=ANYONE, guards=[in_the_demo])
async def one_sent(ref: str) -> Answer:
    mail = await mails.by_ref(ref)
    return page("demo/mail.html", mail=mail, paragraphs=_with_links(mail["text_body"]))


def _with_links(text: str) -> list[list[tuple[str, bool]]]:
    """Lines of words; an address of ours is a link within this page's own house."""
    return [[_word(word) for word in line.split(" ")] for line in text.splitlines()]


def _word(word: str) -> tuple[str, bool]:
    if not word.startswith(f"{settings().origin}/"):
        return word, False
    parts = urlsplit(word)
    return parts._replace(scheme="", netloc="").geturl(), True
