"""What is left of a referrer who asks to be erased: what papers and contracts name, as long as the law keeps them."""

from portal.history.access import record
from portal.kit import db
from portal.kit.keyring import ring
from portal.mail import actions as mails
from portal.search import access as search

OWNED = """
SELECT referrer.*, EXISTS (SELECT FROM invoice WHERE referrer_id = referrer.id)
    OR EXISTS (SELECT FROM contract WHERE referrer_id = referrer.id AND signed_at IS NOT NULL)
    OR EXISTS (SELECT FROM earning WHERE referrer_id = referrer.id) AS is_kept
FROM referrer WHERE id IN (SELECT referrer_id FROM membership WHERE user_id = $1 AND seat = 'owner')
"""
CONTACT = """
UPDATE referrer SET email = '', phone = '', employer_name = '', employer_position = '', employer_siren = '',
       version = version + 1 WHERE id = $1
"""
IDENTITY = """
UPDATE referrer SET first_name = '', last_name = '', company_name = '', legal_form = '', rcs_city = '', siret = '',
       vat_number = '', street = '', postcode = '', city = '', electronic_address = '', represented_by = '',
       represented_as = '', version = version + 1 WHERE id = $1
"""
CLOSED = "UPDATE referrer SET state = 'closed' WHERE id = $1 AND state NOT IN ('closed', 'merged')"
PAID_TO = "EXISTS (SELECT FROM payout_line line WHERE line.bank_detail_id = bank_detail.id)"
ACCOUNTS = f"""
SELECT id FROM bank_detail WHERE referrer_id = $1 AND NOT {PAID_TO}
"""
WORDS = (  # what was typed about them
    "UPDATE seeing SET reason = '—' WHERE referrer_id = $1",
    "DELETE FROM bank_code WHERE referrer_id = $1",
    "UPDATE invitation_line SET email = '', first_name = '', last_name = '' WHERE referrer_id = $1",
)


async def erase_of(user_id: int) -> None:
    """Of the spaces that they own: contact always, identity unless a contract, an earning or a paper names it."""
    for referrer in await db.rows(OWNED, user_id):
        await _erase(referrer)


async def _erase(referrer: db.Row) -> None:
    await db.execute(CLOSED, referrer["id"])
    for sql in (CONTACT, *WORDS, *(() if referrer["is_kept"] else (IDENTITY,))):
        await db.execute(sql, referrer["id"])
    for account in await db.rows(ACCOUNTS, referrer["id"]):
        await _forget_account(account["id"])
    await mails.erase_about("referrer", referrer["id"])
    await search.forget("referrer", referrer["id"])
    await record("referrers.erased", "referrer", referrer["id"], kept=referrer["is_kept"])


async def _forget_account(bank_detail_id: int) -> None:
    """No transfer names it: not even its hash is left to compare with."""
    nothing = ring().seal("", "bank_detail.iban")
    await db.execute(
        """UPDATE bank_detail SET holder = '', iban_sealed = $2, iban_blind = $2, last4 = '----', bic = '',
                  state = CASE WHEN state IN ('replaced', 'refused') THEN state ELSE 'replaced' END WHERE id = $1""",
        bank_detail_id, nothing,
    )  # fmt: skip
