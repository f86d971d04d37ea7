"""What stands behind the parameters of joining: one of each, made by the real verbs."""

from datetime import timedelta

from portal.contracts.signature import presealed
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.people.sessions import digest
from portal.referrers import access, actions
from portal.referrers.joining import access as joining
from portal.referrers.joining import applying, employing, inviting, mails_employer
from portal.referrers.joining.invitation_lines import read
from portal.referrers.joining.partner_employee import Gate
from portal.referrers.rules import Regime, Status
from tests.cast import Cast
from tests.contracts.stories import HERE
from tests.joining.stories import NORA, OPEN

TOKEN = "un-lien-pour-confirmer"
CLEAR = {"job": "yes", "trade": "yes", "profession": "no", "group": "no", "public": "no", "payee": "myself"}
PAUL = {
    "first_name": "Paul", "last_name": "Roche", "street": "4 rue Haute", "postcode": "44000", "city": "Nantes",
    "country": "FR", "phone": "+33612345678",
}  # fmt: skip


async def samples_of_joining(cast: Cast, programme: db.Row) -> dict[str, str]:
    return {
        **await _applications(cast, programme),
        **await _invitations(cast, programme),
        **await _event(cast, programme),
        "employer_consent": await _consent(cast),
        "application_page": OPEN["slug"],
        "application_token": TOKEN,
    }


async def _applications(cast: Cast, programme: db.Row) -> dict[str, str]:
    """Two: one has its address to confirm, the other waits."""
    said = {name: NORA[name] for name in ("first_name", "phone", "status", "country")}
    said |= {"last_name": "Marsh", "knows": "A client since 2023"}
    async with deed(cast.alice.person):
        await applying.set_page(programme["id"], 0, **OPEN)
        for email in ("nora@perso.example", "zoe@perso.example"):
            await applying.submit(programme["id"], email=email, language="fr", **said)
    [first, second] = await db.rows("SELECT * FROM application ORDER BY id")
    async with deed(cast.sam.person):
        await db.execute("UPDATE application SET token_sha256 = $2 WHERE id = $1", first["id"], digest(TOKEN))
        await applying.confirm(await joining.application(second["id"]))
    return {"application": second["ref"]}


async def _invitations(cast: Cast, programme: db.Row) -> dict[str, str]:
    async with deed(cast.sam.person):
        link = await inviting.make_link(
            "Cards", programme["id"], now() + timedelta(days=30), most=None, sales_user_id=None
        )
        lines = read(b"Lisa;Brown;lisa@perso.example\nno address")
        ref = await inviting.keep_list(
            lines,
            name="Spring fair",
            programme_id=programme["id"],
            sales_user_id=cast.sam.user_id,
            language="fr",
        )
    line = await db.value("SELECT ref FROM invitation_line ORDER BY id LIMIT 1")
    return {"invitation_link": link, "invitation_list": ref, "invitation_line": f"{ref}/{line}"}


async def _event(cast: Cast, programme: db.Row) -> dict[str, str]:
    async with deed(cast.alice.person):
        session = await presealed.open_session(
            cast.alice.person, HERE, name="Lyon fair", programme=programme, statuses=["individual"], opens_at=now(),
            closes_at=now() + timedelta(days=2), most=20, sales_user_id=None,
        )  # fmt: skip
    async with deed(cast.sam.person, notify=False):
        contract = await presealed.begin(
            session, Status.INDIVIDUAL, Regime.NONE, email="paul@perso.example", language="fr", identity=PAUL
        )
    path = presealed.path_of(session, contract).removeprefix("/evenement/")
    return {"event": session["ref"], "event_contract": path}


async def _consent(cast: Cast) -> str:
    """Asked of the employer of somebody who is being invited."""
    async with deed(cast.sam.person):
        made = await actions.invite("nina@perso.example", "Nina", "Roche", sales_user_id=cast.sam.user_id)
        for gate, answer in CLEAR.items():
            await employing.answer(made["id"], Gate(gate), answer)
        await employing.name_employer(
            made, name="Garnier", siren="552100554", contact="Luc Garnier", email="luc@garnier.example"
        )
        await employing.agree(await access.referrer(made["id"]), "La lettre")
    consent = await employing.latest_consent(made["id"])
    assert consent
    return mails_employer.path_of(consent).removeprefix("/accord-employeur/")
