"""The people of every test, made once through the real verbs; each test gets a copy of their database.

    async def test_a_page(cast, client):
        rachel = client(cast.rachel)
        answer = await rachel.get("/recommandations")
        answer = await rachel.post_form("/recommandations", company="Atelier Morin")

Verbs are called with `deed(cast.sam.person)`."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import httpx
import pyotp

from portal.doors import session_cookie
from portal.jobs.queue import work_off
from portal.kit import csrf, db
from portal.kit.days import now, today
from portal.kit.deed import Machine, deed
from portal.kit.forms import fresh_once
from portal.kit.keyring import ring
from portal.kit.references import new_ref
from portal.people import actions as people
from portal.people import passwords, second_factor, sessions
from portal.people.access import user_by_email
from portal.people.rules import Person, Role
from portal.referrers import actions as referrers
from portal.referrers.rules import Regime, Status
from portal.settings import settings

PASSWORD = "quatre chevaux bleus au galop"
SINCE = date(2024, 1, 1)
COMPANY: dict[str, Any] = {
    "name": "Lumen Conseil", "legal_form": "SAS", "capital_cents": 5_000_000,
    "siren": "732829320", "siret": "73282932000074", "vat_number": "FR44732829320", "rcs_city": "Lyon",
    "street": "12 rue de la République", "postcode": "69002", "city": "Lyon",
    "email": "contact@lumen.example", "phone": "+33472000000",
    "represented_by": "Alice Ferrand", "represented_as": "présidente", "privacy_contact": "donnees@lumen.example",
    "electronic_address": "732829320", "brand_name": "Lumen",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the cast, signed in. `token` is the session in their cookie."""

    person: Person
    token: str

    @property
    def user_id(self) -> int:
        return self.person.user_id

    @property
    def email(self) -> str:
        return self.person.email

    @property
    def referrer_id(self) -> int:
        assert self.person.referrer_id is not None
        return self.person.referrer_id


@dataclass(frozen=True, slots=True)
class Cast:
    entity_id: int
    alice: Member  # administration
    sam: Member  # sales, looks after the referrers
    sonia: Member  # sales too
    fanny: Member  # finance
    fred: Member  # finance too: the second pair of eyes
    rachel: Member  # referrer, an individual
    remi: Member  # referrer, a company with VAT
    mina: Member  # referrer, a micro-entrepreneur under 293 B
    stefan: Member  # referrer, a stranger to the affairs of the others
    anonymous: None = None

    @property
    def members(self) -> list[Member]:
        return [one for field in fields(self) if isinstance(one := getattr(self, field.name), Member)]


async def assemble() -> Cast:
    hashed = await passwords.hashed(PASSWORD)
    async with deed(Machine("cast")):
        entity_id = await db.insert("legal_entity", ref=new_ref(), **COMPANY)
        alice = await _staff("alice@lumen.example", "Alice Ferrand", Role.ADMIN, hashed)
        sam = await _staff("sam@lumen.example", "Sam Berger", Role.SALES, hashed)
        sonia = await _staff("sonia@lumen.example", "Sonia Klein", Role.SALES, hashed)
        fanny = await _staff("fanny@lumen.example", "Fanny Moreau", Role.FINANCE, hashed)
        fred = await _staff("fred@lumen.example", "Fred Aubin", Role.FINANCE, hashed)
    async with deed(sam.person):
        rachel = await _referrer("rachel@perso.example", "Rachel", "Vidal", sam, hashed, INDIVIDUAL)
        remi = await _referrer("remi@morin.example", "Rémi", "Morin", sam, hashed, WITH_VAT)
        mina = await _referrer("mina@atelier.example", "Mina", "Kaci", sam, hashed, MICRO)
        stefan = await _referrer("stefan@ailleurs.example", "Stefan", "Weber", sonia, hashed, INDIVIDUAL)
    await work_off()
    return Cast(entity_id, alice, sam, sonia, fanny, fred, rachel, remi, mina, stefan)


async def _staff(email: str, name: str, role: Role, hashed: str) -> Member:
    user = await people.invite_staff(email, name, {role})
    await people.accept(user["id"], name, hashed)
    await second_factor.prepare(user["id"])
    await db.execute("UPDATE app_user SET totp_confirmed_at = $2 WHERE id = $1", user["id"], now())
    return await _signed_in(user["id"], None)


async def reader(email: str, name: str, days: int = 30) -> Member:
    """An accountant or an auditor of the company, until then: reads what finance reads."""
    user = await people.invite_staff(email, name, {Role.READER}, until=today() + timedelta(days))
    await people.accept(user["id"], name, await passwords.hashed(PASSWORD))
    await second_factor.prepare(user["id"])
    await db.execute("UPDATE app_user SET totp_confirmed_at = $2 WHERE id = $1", user["id"], now())
    return await _signed_in(user["id"], None)


HOME: dict[str, Any] = {"street": "3 rue des Lilas", "postcode": "69003", "city": "Lyon", "country": "FR"}
INDIVIDUAL: dict[str, Any] = {"status": Status.INDIVIDUAL, "vat_regime": Regime.NONE}
WITH_VAT: dict[str, Any] = {
    "status": Status.COMPANY, "vat_regime": Regime.STANDARD,
    "company_name": "Morin Conseil", "legal_form": "SARL", "rcs_city": "Lyon",
    "siret": "40483304800022", "vat_number": "FR83404833048",
}  # fmt: skip
MICRO: dict[str, Any] = {"status": Status.MICRO, "vat_regime": Regime.FRANCHISE, "siret": "55210055400013"}


async def _referrer(
    email: str, first_name: str, last_name: str, sales: Member, hashed: str, who: dict[str, Any]
) -> Member:
    made = await referrers.invite(email, first_name, last_name, sales_user_id=sales.user_id)
    await referrers.fill_profile(made, since=SINCE, **HOME, **who)
    user = await user_by_email(email)
    assert user
    await people.accept(user["id"], f"{first_name} {last_name}", hashed)
    seat_id = await db.value("SELECT id FROM membership WHERE user_id = $1", user["id"])
    return await _signed_in(user["id"], seat_id)


async def _signed_in(user_id: int, seat_id: int | None) -> Member:
    token = await sessions.open_session(user_id, seat_id=seat_id, step="full", second_factor=seat_id is None)
    session = await sessions.session_of(token)
    assert session
    assert session.person
    return Member(session.person, token)


def code_of(sealed: bytes) -> str:
    """What the phone of a colleague shows now."""
    return pyotp.TOTP(ring().open(sealed, second_factor.SEALED)).at(now())


class Client(httpx.AsyncClient):
    """A browser that speaks for somebody of the cast, or for nobody."""

    def __init__(self, app: Any, token: str) -> None:
        super().__init__(
            transport=httpx.ASGITransport(app=app),
            base_url=settings().origin,
            headers={"origin": settings().origin},
        )
        self.binding = ""
        if token:
            self.carry(token)

    def carry(self, token: str) -> None:
        """Put this session into the browser's cookie."""
        self.cookies.set(session_cookie(), token, domain=settings().base_url.host or "")
        self.binding = token

    async def post_form(
        self, path: str, *, files: Any = None, once: str = "", **fields: Any
    ) -> httpx.Response:
        """As a page would send it: with the token of the form and a key that makes it count once."""
        return await self.post(path, data={**await self.hidden(once), **fields}, files=files)

    async def hidden(self, once: str = "") -> dict[str, str]:
        if not self.binding:
            self.binding = await self._as_visitor()
        return {"csrf": csrf.token(self.binding), "once": once or fresh_once()}

    async def _as_visitor(self) -> str:
        await self.get("/connexion")
        return self.cookies["visitor"]

    def signed_in_as(self) -> str:
        """After signing in by the pages: forms are bound to the new session."""
        self.binding = self.cookies.get(session_cookie(), "")
        return self.binding
