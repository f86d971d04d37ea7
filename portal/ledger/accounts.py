"""The names of the accounts. Each opens when it is first used; its unit and floor stand with its role in the schema.

Of a referrer, in euros before tax:

    earned, taken_back      what the company's commissions cost it, and what came back
    held                    earned, to be confirmed until its day
    due                     confirmed, on no paper yet; below zero when more was taken back than stood there
    invoiced                on an invoice or a receipt, not yet sent to the bank
    in_transit              sent, not yet confirmed by the bank
    paid                    arrived or withheld, net of what was set off
    owes                    credit notes for what was paid already, to be set off
    written_off             what he owed and the company gave up

and beside it the tax: vat_invoiced, vat_in_transit, vat_owes.

Of the company, of the tax: vat_pending until it is paid, vat_deductible then, vat_self_assessed of suppliers abroad."""


def of_referrer(entity_id: int, referrer_id: int, role: str) -> str:
    return f"entity:{entity_id}:referrer:{referrer_id}:{role}"


def of_company(entity_id: int, role: str) -> str:
    return f"entity:{entity_id}:{role}"


EXPENSE = ("earned", "taken_back")
"""The company's expense is the sum of these, over all referrers."""
EURO_ROLES = ("earned", "taken_back", "held", "due", "invoiced", "in_transit", "paid", "owes", "written_off")
VAT_ROLES = ("vat_invoiced", "vat_in_transit", "vat_owes")
POINT_ROLES = ("points_held", "points", "points_reserved", "points_owed")
