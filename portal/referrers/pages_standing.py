"""Who a referrer is in law, from when until when: the history, a change that the company records, the proof of an option."""

from datetime import date
from typing import Any

from litestar import Request
from pydantic import ValidationInfo, field_validator

from portal.company import access as company
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.problems import NotFound
from portal.kit.text import N_, _
from portal.kit.uploads import DOCUMENTS, receive
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import STAFF, Person, Seat
from portal.referrers import access, actions
from portal.referrers.forms import FURTHEST, Day, ProfileForm
from portal.referrers.pages_change import Announced, agreed, announced
from portal.referrers.pages_profile import OWN, own, refuse_others
from portal.referrers.rules import REGIME_LABELS, REGIMES, STATUS_LABELS, Regime, Standing, Status
from portal.referrers.standing_rules import periods
from portal.referrers.words import einvoicing_said, labels, source_said

OWN_PATH = "/profil/situation"
STAFF_PATH = "/apporteurs/{ref:str}/situation"
YEARS_BACK = 3  # as far as VAT is claimed


class ChangeForm(ProfileForm):
    """A change that a colleague records on the word of the referrer, or of the tax office."""

    SENTENCES = dict(ProfileForm.SENTENCES) | {
        "since.missing": N_("Indiquez à partir de quel jour."),
        "status.missing": N_("Choisissez un statut."),
    }
    since: Day
    status: Status
    vat_regime: Regime
    vat_on_debits: bool = False

    @field_validator("since")
    @classmethod
    def _since(cls, day: date) -> date:
        if not date(today().year - YEARS_BACK, 1, 1) <= day <= today() + FURTHEST:
            raise ValueError(N_("Choisissez un jour d'il y a trois ans au plus, et dans un an au plus."))
        return day

    @field_validator("vat_regime")
    @classmethod
    def _regime(cls, regime: Regime, known: ValidationInfo) -> Regime:
        if (status := known.data.get("status")) and regime not in (*REGIMES[status], Regime.MISSING):
            raise ValueError(N_("Ce régime de TVA ne va pas avec ce statut."))
        return regime

    @field_validator("vat_on_debits")
    @classmethod
    def _debits(cls, opted: bool, known: ValidationInfo) -> bool:
        if opted and known.data.get("vat_regime") is not Regime.STANDARD:
            raise ValueError(N_("Cette option ne concerne que ceux qui facturent la TVA."))
        return opted

    @property
    def standing(self) -> Standing:
        return Standing(self.status, self.vat_regime, self.vat_on_debits)


@get(OWN_PATH, allows=OWN)
async def own_history(person: Person) -> Answer:
    referrer = await own(person)
    return page("apporteurs/situation.html", **await _history(person, referrer))


@get(STAFF_PATH, allows=STAFF)
async def history_of(person: Person, ref: str) -> Answer:
    referrer = await access.referrer_for(person, ref)
    return page("apporteurs/situation.html", **await _history(person, referrer))


async def _history(person: Person, referrer: db.Row, upload_error: str = "") -> dict[str, Any]:
    told = periods(await access.standings_told(referrer["id"]))
    standing = access.ruling([one.row for one in told], today())
    return {
        "referrer": referrer,
        "addresses": await access.electronic_addresses_of(referrer["id"]),
        "einvoicing": einvoicing_said(
            standing, today(), await company.figures(), await access.size_of(referrer["id"])
        ),
        "here": OWN_PATH if person.referrer_id else f"/apporteurs/{referrer['ref']}/situation",
        "periods": told[::-1],
        "to_prove": _to_prove(told),
        "today": today(),
        "may_change": person.is_staff or person.seat is Seat.OWNER,
        "source_of": source_said,
        "upload_error": upload_error,
        **labels(),
    }


def _to_prove(told: list[Any]) -> Any:
    """The option for débits of today or to come that has no letter yet."""
    open_ones = [
        one
        for one in told
        if one.row["vat_on_debits"] and not one.replaced and not one.row["proof_ref"]
        and (one.until is None or one.until >= today())
    ]  # fmt: skip
    return open_ones[-1] if open_ones else None


@post(f"{OWN_PATH}/justificatif", allows=OWN, uploads=True)
async def prove_own(request: Request, person: Person) -> Answer:
    refuse_others(person)
    return await _prove(request, person, await own(person))


@post(f"{STAFF_PATH}/justificatif", allows=STAFF, uploads=True)
async def prove(request: Request, person: Person, ref: str) -> Answer:
    return await _prove(request, person, await access.referrer_for(person, ref))


async def _prove(request: Request, person: Person, referrer: db.Row) -> Answer:
    """The letter of the option for débits."""
    shown = await _history(person, referrer)
    if shown["to_prove"] is None:
        raise NotFound("proof")
    form = await Form.read(request)
    given = form.values.get("proof")
    try:
        if given is None or isinstance(given, str):
            raise Invalid("file_empty") if given is None else Invalid("upload_kind")
        kept = await receive(given, DOCUMENTS)
    except Invalid as wrong:
        sentence = _("Choisissez un fichier.") if given is None else wrong.sentence
        return again("apporteurs/situation.html", **shown | {"upload_error": sentence})
    async with deed(person, form.once) as doing:
        doing.at(shown["here"])
        await actions.prove_debits(referrer, shown["to_prove"].row, kept)
    return see(shown["here"])


@get(f"{STAFF_PATH}/changement", allows=STAFF)
async def change_form(person: Person, ref: str) -> Answer:
    referrer = await access.referrer_for(person, ref)
    standing = await access.standing_on(referrer["id"], today())
    form = ChangeForm.showing(
        since=today().isoformat(), status=standing.status if standing else "",
        vat_regime=standing.vat_regime if standing else "", vat_on_debits="1" if standing and standing.vat_on_debits else "",
    )  # fmt: skip
    return page("apporteurs/changement.html", **_changing(referrer, form))


def _changing(referrer: db.Row, form: Form, told: Announced | None = None) -> dict[str, Any]:
    return {
        "referrer": referrer,
        "form": form,
        "announced": told,
        "statuses": [(status, _(label)) for status, label in STATUS_LABELS.items()],
        "regimes": [(regime, _(label)) for regime, label in REGIME_LABELS.items()],
    }


@post(f"{STAFF_PATH}/changement", allows=STAFF)
async def save_change(request: Request, person: Person, ref: str) -> Answer:
    referrer = await access.referrer_for(person, ref)
    form = await ChangeForm.read(request)
    if form.errors:
        return again("apporteurs/changement.html", **_changing(referrer, form))
    told = await announced(referrer, form.standing, form.since)
    if not agreed(form, told):
        return page("apporteurs/changement.html", **_changing(referrer, form, told))
    async with deed(person, form.once) as doing:
        doing.at(f"/apporteurs/{ref}/situation")
        await actions.record_standing(
            referrer["id"], form.since, form.status, form.vat_regime, "staff", form.vat_on_debits
        )
    return see(f"/apporteurs/{ref}/situation")
