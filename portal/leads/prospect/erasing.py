"""What is left of a recommendation once the prospect is forgotten: its dates and moves for the referrer, keyed hashes for the priority."""

from portal.clients import actions as clients
from portal.clients.access import Key
from portal.clients.keys import keys_of
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.keyring import ring
from portal.leads import access, actions
from portal.leads.desk import views
from portal.leads.dossier import attaching, tasking
from portal.leads.fields import answers
from portal.leads.priority import disputes
from portal.leads.rules import BY_NAME, LeadState
from portal.mail import actions as mails
from portal.search import access as search

HASHED = "h:"  # before the value of a key that nothing can be read from


async def erase_lead(lead_id: int) -> None:
    """Names, address, number, need, notes, mails and what finds them. Twice is harmless.

    A recommendation that became a deal keeps its state and its company: they are the deal's, and its law's."""
    lead = await access.lead(lead_id)
    if lead["erased_at"]:
        return
    await db.execute("UPDATE lead SET erased_at = $2 WHERE id = $1", lead_id, now())
    if lead["state"] in BY_NAME["erase"].froms:
        await actions.move(lead, "erase")
    await _forget_words(lead)
    await _blind_keys(lead)
    await clients.forget_contact(lead["contact_email"], lead["contact_phone"])
    await record("leads.erased", "lead", lead_id)


async def _forget_words(lead: db.Row) -> None:
    sold = lead["state"] == LeadState.WON
    await db.execute(
        """UPDATE lead SET contact_name = '', contact_email = '', contact_phone = '', need = '', call_wished = '',
                  postcode = '', city = '',
                  company_name = CASE WHEN $2 THEN company_name ELSE ref END, siren = CASE WHEN $2 THEN siren ELSE '' END,
                  version = version + 1 WHERE id = $1""",
        lead["id"], sold,
    )  # fmt: skip
    await db.execute(
        "UPDATE lead_note SET body = '', salt = '', erased_at = $2 WHERE lead_id = $1 AND erased_at IS NULL",
        lead["id"], now(),
    )  # fmt: skip
    await disputes.forget_words(lead["id"], now())
    await tasking.forget(lead["id"])
    await attaching.forget(lead["id"])
    await answers.forget(lead["id"])
    await views.forget(lead["company_name"], lead["contact_name"])
    await mails.erase_about("lead", lead["id"])
    if not sold:
        await search.forget("lead", lead["id"])


async def _blind_keys(lead: db.Row) -> None:
    """As long as the priority lasts, who claimed the company first can be proved without a name."""
    kept = await db.rows(
        "SELECT kind, value FROM match_key WHERE subject_kind = 'lead' AND subject_id = $1", lead["id"]
    )
    await db.execute("DELETE FROM match_key WHERE subject_kind = 'lead' AND subject_id = $1", lead["id"])
    if lead["priority_until"] and lead["priority_until"] >= today():
        await clients.remember_keys(
            "lead", lead["id"], [(row["kind"], blinded(row["kind"], row["value"])) for row in kept]
        )


def blinded(kind: str, value: str) -> str:
    return value if value.startswith(HASHED) else HASHED + ring().blind(value, f"match_key.{kind}").hex()


async def first_before(lead: db.Row) -> list[db.Row]:
    """Erased recommendations of the same company whose priority still lasts: sales are told, by dates alone."""
    keys: list[Key] = [
        (kind, blinded(kind, value))
        for kind, value in keys_of(
            name=lead["company_name"],
            siren=lead["siren"],
            email=lead["contact_email"],
            phone=lead["contact_phone"],
        )
        if kind in ("siren", "email", "phone")
    ]
    return await db.rows(
        f"""{access.LEAD} WHERE lead.erased_at IS NOT NULL AND lead.priority_until >= $3 AND lead.id IN (
              SELECT subject_id FROM match_key JOIN unnest($1::text[], $2::text[]) AS key (kind, value) USING (kind, value)
              WHERE subject_kind = 'lead') ORDER BY lead.id""",
        [kind for kind, _value in keys], [value for _kind, value in keys], today(),
    )  # fmt: skip


async def forget_lapsed_keys() -> int:
    """Hashes of priorities that are over."""
    return await db.execute(
        """DELETE FROM match_key USING lead WHERE subject_kind = 'lead' AND subject_id = lead.id
             AND lead.erased_at IS NOT NULL AND (lead.priority_until IS NULL OR lead.priority_until < $1)""",
        today(),
    )


async def same_person(lead: db.Row) -> list[db.Row]:
    """Every recommendation of whoever has this address or number, and those merged with them; this one first."""
    return await db.rows(
        f"""{access.LEAD} WHERE lead.erased_at IS NULL AND (lead.id = $1
              OR lower(lead.contact_email) = lower($2) AND lead.contact_email <> ''
              OR lead.contact_phone = $3 AND lead.contact_phone <> ''
              OR lead.id = ANY ((SELECT same_dossier(coalesce($4, $1), false))::bigint[]))
            ORDER BY lead.id <> $1, lead.id""",
        lead["id"], lead["contact_email"], lead["contact_phone"], lead["merged_into_id"],
    )  # fmt: skip
