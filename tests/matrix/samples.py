"""What stands behind the parameters of a path: everything belongs to Rémi, made by the real verbs, once."""

from datetime import timedelta
from typing import Any

from portal.contracts import actions as contracts
from portal.contracts.signature import signing
from portal.earnings import access_claims as claim_access
from portal.earnings import adjusting, claims
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import Machine, deed
from portal.kit.files import Store, keep
from portal.kit.references import new_ref
from portal.leads.intake import links as own_links
from portal.leads.prospect.addresses import path_of
from portal.mail.stops import path_of as path_to_stop
from portal.payouts import access as payout_access
from portal.payouts import actions as payouts
from portal.people import actions as people
from portal.people import erasure_requests, links, sessions, tokens
from portal.people.access import user
from portal.people.links import Purpose
from portal.people.rules import Role
from portal.people.sessions import open_session
from portal.referrers import actions as referrers
from portal.referrers import payees
from portal.referrers.access import cancel_token
from portal.referrers.payee_rules import Kind as PayeeKind
from portal.referrers.rules import Regime, Status
from portal.referrers.vigilance import documents
from portal.referrers.vigilance.rules import Kind
from portal.taxes.closing import deciding as years
from tests.books.dossiers import a_control_file
from tests.books.months import samples_of_months
from tests.cast import Cast, Client, Member, reader
from tests.clients.lists import samples_of_lists
from tests.contracts.lives import samples_of_life
from tests.contracts.own import samples_of_texts
from tests.contracts.stories import HERE, code_for, open_programme, sign
from tests.deals.samples_cashing import samples_of_cashing
from tests.gifts.samples import samples_of_gifts
from tests.invoicing.books import Books, books_of
from tests.invoicing.letters import told_employer
from tests.joining.samples import samples_of_joining
from tests.leads.priorities import samples_of_priority
from tests.leads.samples_desk import samples_of_desk
from tests.leads.samples_dossier import samples_of_dossier
from tests.leads.samples_follow import samples_of_follow
from tests.payouts.samples import samples_of_runs
from tests.plans.drafts import samples_of_plan
from tests.platform.samples import samples_of_platform
from tests.programmes.stories import samples_of_programme
from tests.received.samples import a_received_invoice
from tests.stripe.samples import samples_of_stripe
from tests.taxes.das2.samples import samples_of_das2

IMPORT = (
    b"Nom;E-mail;Statut\nPaul Roux;paul@roux.example;particulier\nJeanne Petit;sans adresse;particulier\n"
)


async def samples_of(cast: Cast, app: Any) -> dict[str, str]:
    """By the name that a row of the table gives; as the path wants it."""
    books = await books_of(cast)
    sent, drafted = await _paid(books), await _prepared(books)
    await _an_import(cast, app)
    await _a_claim(cast)
    signed = await _signed_contract(cast)
    await work_off()
    return {
        "adjustment": await _ref("adjustment", "referrer_id = $1", cast.remi.referrer_id),
        "asset": "portal.css",
        "claim": await _ref("claim", "referrer_id = $1", cast.remi.referrer_id),
        "client": await _ref("client", "$1 > 0", 1),
        "control_file": await a_control_file(cast),
        "contract": await _ref("contract", "referrer_id = $1", cast.remi.referrer_id),
        "contract_signed": signed["ref"],
        "deal": await _ref(
            "deal", "lead_id IN (SELECT id FROM lead WHERE referrer_id = $1)", cast.remi.referrer_id
        ),
        "document": await _document(cast),
        "earning": await _ref("earning", "referrer_id = $1", cast.remi.referrer_id),
        "file": await _ref("stored_file", "subject_kind = 'import' AND $1 > 0", 1),
        "import": await _ref("import_file", "$1 > 0", 1),
        "invoice": await _ref("invoice", "referrer_id = $1", cast.remi.referrer_id),
        "told_employer": await told_employer(cast),
        "kind": "vigilance",
        "kind_declared": "foreign_workers",
        "kind_of": f"{await _referrer(cast)}/justificatifs/vigilance",
        **await samples_of_priority(cast),
        **await samples_of_cashing(cast),
        "lead": await _ref("lead", "referrer_id = $1", cast.remi.referrer_id),
        "prospect": await _prospect(cast),
        "mail_failed": await _failed_mail(cast),
        "mail": await _ref("mail_message", "to_user = $1", cast.remi.user_id),
        "notice": await _ref("notice", "user_id = $1", cast.remi.user_id),
        "stop": path_to_stop((await user(cast.remi.user_id))["ref"], "words").removeprefix("/courriels/"),
        "paper_to_rectify": await _paper_to_rectify(cast),
        "payee": await _payee(cast),
        **await samples_of_platform(cast),
        "payout_line": await _ref("payout_line", "run_id = $1", sent),
        "payout_run": await _ref("payout_run", "id = $1", drafted),
        "payout_run_sent": await _ref("payout_run", "id = $1", sent),
        "month": f"{today():%Y-%m}",
        "month_of": f"{await _referrer(cast)}/releves/{today():%Y-%m}",
        "programme": await _ref("programme", "$1 > 0", 1),
        "poster": "affiche",
        "received": await a_received_invoice(cast),
        "referrer": await _referrer(cast),
        "shared": await _shared(cast),
        "text": await _ref("contract_text", "$1 > 0", 1),
        "year": str(today().year),
        "year_of": f"{await _referrer(cast)}/fiscalite/{today().year}",
        **await _of_people(cast),
        **await _of_rooms(cast),
        **await samples_of_texts(cast),
        **await samples_of_life(cast, signed),
        "bank_change": await _bank_change(cast),
        **await samples_of_joining(cast, await _programme()),
        **await samples_of_lists(cast),
        **await samples_of_runs(cast),
        **await samples_of_stripe(cast, books),
        **await samples_of_desk(cast, await _ref("lead", "referrer_id = $1", cast.remi.referrer_id)),
        **await samples_of_follow(cast, await _ref("lead", "referrer_id = $1", cast.remi.referrer_id)),
        **await samples_of_dossier(
            cast,
            await _ref(
                "deal", "lead_id IN (SELECT id FROM lead WHERE referrer_id = $1)", cast.remi.referrer_id
            ),
        ),
    }


async def _of_rooms(cast: Cast) -> dict[str, str]:
    return {
        **await samples_of_programme(cast),
        **await samples_of_plan(cast),
        **await samples_of_months(cast),
        **await samples_of_gifts(cast),
        "figure": "gifts.vat_threshold_ttc_eur",
        "year_closing": await _year_closing(cast),
        **await samples_of_das2(cast),
    }


async def _ref(table: str, where: str, value: int) -> str:
    found = await db.value(f'SELECT ref FROM "{table}" WHERE {where} ORDER BY id LIMIT 1', value)
    assert found, f"no sample of {table}"
    return found


async def _document(cast: Cast) -> str:
    """Rémi's attestation, waiting to be checked."""
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="attestation.pdf")
    async with deed(cast.remi.person):
        given = await documents.give(cast.remi.referrer_id, Kind.VIGILANCE, kept)
    return given["ref"]


async def _payee(cast: Cast) -> str:
    """An attachment that begins next month, and waits for a second person."""
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="acte.pdf")
    async with deed(cast.fanny.person):
        made = await payees.propose(
            cast.remi.referrer_id, kind=PayeeKind.ATTACHMENT, name="Trésor public", iban="FR7610107001011234567890129",
            act="", since=today() + timedelta(30), until=None, ceiling_cents=None, kept=kept,
        )  # fmt: skip
    return made["ref"]


async def _paper_to_rectify(cast: Cast) -> str:
    """Rémi had opted for débits all along, and has still to prove it."""
    async with deed(cast.sam.person):
        await referrers.record_standing(
            cast.remi.referrer_id, today() - timedelta(60), Status.COMPANY, Regime.STANDARD, "staff", True
        )
    return await _ref("paper_to_rectify", "$1 > 0", 1)


async def _programme() -> db.Row:
    found = await db.row("SELECT * FROM programme ORDER BY id LIMIT 1")
    assert found is not None
    return found


async def _prospect(cast: Cast) -> str:
    lead = await _ref("lead", "referrer_id = $1 AND state = 'won'", cast.remi.referrer_id)
    return path_of(lead).removeprefix("/recommande/")


async def _shared(cast: Cast) -> str:
    """Rémi may retire his own meanwhile: the page that anybody opens is Rachel's."""
    async with deed(cast.remi.person):
        await own_links.renew(cast.remi.referrer_id)
    async with deed(cast.rachel.person):
        return (await own_links.renew(cast.rachel.referrer_id))["code"]


async def _referrer(cast: Cast) -> str:
    return await _ref("referrer", "id = $1", cast.remi.referrer_id)


async def _signed_contract(cast: Cast) -> db.Row:
    """Signed by code in a programme of its own; the contract of the books is on paper."""
    programme_id, version_id = await open_programme(cast, "Apporteurs du Rhône", "Barème du Rhône")
    async with deed(cast.sam.person):
        sent = await contracts.send(await contracts.draft(cast.remi.referrer_id, programme_id, version_id))
    signed = await sign(sent, cast.remi.person, await code_for(sent, cast.remi.person))
    async with deed(cast.alice.person):
        return await signing.countersign(signed, cast.alice.person, HERE)


async def _failed_mail(cast: Cast) -> str:
    """What the worker writes down when the partner refuses a mail for good; none of those that wait for the worker."""
    await work_off()
    async with deed(Machine("matrix")):
        return await db.value(
            """UPDATE mail_message SET failed_at = $2, sent_at = NULL
               WHERE id = (SELECT max(id) FROM mail_message WHERE to_user = $1) RETURNING ref""",
            cast.remi.user_id, now(),
        )  # fmt: skip


async def _bank_change(cast: Cast) -> str:
    ref = await _ref("bank_detail", "referrer_id = $1", cast.remi.referrer_id)
    return f"{ref}/{cancel_token(ref)}"


async def _paid(books: Books) -> int:
    """A run that was sent: its lines are shown to referrers."""
    run = await _drafted(books)
    async with deed(books.cast.fred.person):
        await payouts.approve(run)
    run = await payout_access.run(run["id"])
    kept = await payouts.bank_file(run)
    async with deed(books.cast.fanny.person):
        await payouts.send(run, kept)
    return run["id"]


async def _prepared(books: Books) -> int:
    return (await _drafted(books))["id"]


async def _drafted(books: Books) -> db.Row:
    await books.earns(books.cast.remi, 100_00)
    await books.issue(books.cast.remi)
    async with deed(books.cast.fanny.person):
        return await payouts.prepare(books.cast.entity_id, today())


async def _an_import(cast: Cast, app: Any) -> None:
    async with Client(app, cast.alice.token) as alice:
        await alice.post_form(
            "/reglages/imports", kind="referrers", files={"file": ("apporteurs.csv", IMPORT, "text/csv")}
        )


async def _a_claim(cast: Cast) -> None:
    """About the second commission; of the first, finance wants to take back more than one person may."""
    first, second = await db.rows(
        "SELECT id, ref FROM earning WHERE referrer_id = $1 ORDER BY id LIMIT 2", cast.remi.referrer_id
    )
    async with deed(cast.remi.person):
        await claims.open_claim(
            "earning", second["id"], cast.remi.referrer_id, "amount", "Le taux est de 12 %."
        )
    target = await claim_access.target_of_earning(cast.fanny.person, first["ref"])
    async with deed(cast.fanny.person):
        await adjusting.adjust(target, 900_00, "Taux mal saisi")


async def _of_people(cast: Cast) -> dict[str, str]:
    async with deed(cast.alice.person):
        await tokens.create(cast.alice.person, "essai", Role.ADMIN, {"plans:read"})
        invited = await people.invite_staff("nora@lumen.example", "Nora Petit", {Role.SALES})
        await open_session(cast.remi.user_id, seat_id=await _seat(cast), step="full")
        colleague = (await user(cast.sonia.user_id))["ref"]
        return {
            "api_token": await _ref("api_token", "$1 > 0", 1),
            "colleague": colleague,
            "colleague_move": f"{colleague}/suspension",
            "invitation": await links.make(invited["id"], Purpose.INVITATION),
            "link": await links.make(cast.remi.user_id, Purpose.SIGN_IN),
            "erasure": await _erasure(cast),
            "guest": await _guest(cast, "paula@morin.example"),
            "guest_leaving": await _guest(cast, "paul@morin.example"),
            "passkey": await _passkey(cast),
            "reset": await links.make(cast.remi.user_id, Purpose.RESET),
            "session": await db.value("SELECT ref FROM session ORDER BY id DESC LIMIT 1"),
        }


async def _erasure(cast: Cast) -> str:
    """Rémi asks; what binds him keeps the administrator from doing it."""
    await erasure_requests.ask(cast.remi.user_id)
    return await _ref("erasure_request", "user_id = $1", cast.remi.user_id)


async def _guest(cast: Cast, email: str) -> str:
    """Somebody who sits beside Rémi."""
    guest = await people.give_seat(email, "Paula Roy", cast.remi.referrer_id, "member")
    return guest["ref"]


async def _year_closing(cast: Cast) -> str:
    """Last year, which anybody of finance may open."""
    async with deed(cast.fanny.person):
        return str((await years.opened(cast.entity_id, today().year - 1))["year"])


async def _passkey(cast: Cast) -> str:
    ref = new_ref()
    await db.insert(
        "passkey",
        ref=ref, user_id=cast.remi.user_id, credential_id=b"remi", public_key=b"", sign_count=0, name="Téléphone",
        created_at=now(),
    )  # fmt: skip
    return ref


async def _seat(cast: Cast) -> int:
    return await db.value("SELECT id FROM membership WHERE user_id = $1", cast.remi.user_id)


async def token_without_scope(cast: Cast) -> str:
    async with deed(cast.alice.person):
        return await tokens.create(cast.alice.person, "sans droit", Role.ADMIN, set())


async def suspended_session(cast: Cast) -> str:
    """Sonia is suspended; a session of hers was somehow left open."""
    async with deed(cast.alice.person):
        await people.move(await user(cast.sonia.user_id), "suspend")
        return await sessions.open_session(cast.sonia.user_id, seat_id=None, step="full", second_factor=True)


async def reader_of_the_house() -> Member:
    """The company's accountant, invited until next month."""
    async with deed(Machine("matrix")):
        return await reader("ines@expertise.example", "Inès Garnier")
