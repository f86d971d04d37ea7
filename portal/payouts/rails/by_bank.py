"""Paid by the bank: one file for a run, made before the deed and kept once and for all."""

from collections.abc import Iterator, Mapping, Sequence

from portal.company import access as company
from portal.company.actions import IBAN as COMPANY_IBAN
from portal.kit import db, files
from portal.kit.days import day_of, now
from portal.kit.files import Kept, Store
from portal.kit.keyring import ring
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.payouts.rails.accounts import banks_of
from portal.payouts.rails.rail import Papers, Rail, Where
from portal.payouts.rails.rules import RailName, bank_block, executed_on
from portal.payouts.rails.sepa import PAYER, SepaLine, SepaRefused, SepaRun, transfer_file
from portal.referrers.actions import IBAN
from portal.referrers.payees import IBAN as PAYEE_IBAN

PAIN = "application/xml"
OURS = N_(
    "Le nom ou l'IBAN de l'entreprise n'est pas lisible par la banque : corrigez-le dans les réglages. Rien n'est parti."
)
WRONG = {
    "account": N_(
        "L'IBAN pour %(who)s n'est pas valable : rien n'est parti. Annulez, corrigez, préparez à nouveau."
    ),
    "name": N_("Le titulaire pour %(who)s n'est pas lisible par la banque : rien n'est parti."),
    "amount": N_("Le montant pour %(who)s dépasse ce qu'un virement peut porter : rien n'est parti."),
}
SEALED = {"bank": IBAN, "payee": PAYEE_IBAN}  # under which name each was sealed


async def where(referrer_ids: Sequence[int]) -> Mapping[int, Where]:
    """To the latest account that was given; while a change waits nothing is paid."""
    banks, at = await banks_of(referrer_ids), now()
    return {
        referrer_id: Where(bank_block(bank, at), bank["usable_from"] if bank else None, bank)
        for referrer_id, bank in ((one, banks.get(one)) for one in referrer_ids)
    }


async def make_file(run: db.Row, lines: Sequence[db.Row], papers: Papers) -> Kept:
    """The same run gives the same bytes."""
    entity = await company.legal_entity_by(run["legal_entity_id"])
    if entity["iban_sealed"] is None:
        raise Refused(
            "company_iban", N_("Indiquez d'abord le compte bancaire de l'entreprise dans les réglages.")
        )
    try:
        body = transfer_file(await _sepa_run(run, entity, lines, papers))
    except SepaRefused as wrong:
        raise _said(wrong, lines) from wrong
    return await files.keep(Store.ISSUED, body, media_type=PAIN, name=f"{run['number']}.xml")


def _said(wrong: SepaRefused, lines: Sequence[db.Row]) -> Refused:
    """In the words of who pays; what is nobody's fault but ours stays an error."""
    if wrong.what not in WRONG:
        raise wrong
    if wrong.whose == PAYER:
        return Refused(f"sepa_{wrong.what}", OURS)
    who = next(line["referrer_name"] for line in lines if wrong.whose.startswith(line["end_to_end_id"]))
    return Refused(f"sepa_{wrong.what}", WRONG[wrong.what], who=who)


async def _sepa_run(run: db.Row, entity: db.Row, lines: Sequence[db.Row], papers: Papers) -> SepaRun:
    accounts = await _accounts(lines)
    return SepaRun(
        message_id=run["number"], created_at=run["approved_at"],
        executes_on=executed_on(run["executes_on"], day_of(run["approved_at"])),
        debtor_name=entity["name"], debtor_iban=ring().open(entity["iban_sealed"], COMPANY_IBAN),
        debtor_bic=entity["bic"],
        lines=tuple(one for line in lines for one in _transfers(line, accounts, papers[line["id"]])),
    )  # fmt: skip


def _transfers(
    line: db.Row, accounts: Mapping[str, tuple[str, str]], papers: Sequence[db.Row]
) -> Iterator[SepaLine]:
    """One for a line; one for each share where others are paid in the place of the referrer."""
    own = {
        "end_to_end_id": line["end_to_end_id"],
        "name": line["holder"],
        "amount_cents": line["total_cents"],
        "payee_id": None,
    }
    for part in line["shares"] or [own]:
        iban, bic = accounts[
            f"payee:{part['payee_id']}" if part["payee_id"] else f"bank:{line['bank_detail_id']}"
        ]
        yield SepaLine(
            end_to_end_id=part["end_to_end_id"], name=part["name"], amount_cents=part["amount_cents"], iban=iban, bic=bic,
            text="Commissions " + " ".join(paper["number"] for paper in papers),
        )  # fmt: skip


async def _accounts(lines: Sequence[db.Row]) -> dict[str, tuple[str, str]]:
    """IBAN and BIC: of the referrers' accounts, and of who is paid in their place."""
    payees = [share["payee_id"] for line in lines for share in line["shares"] if share["payee_id"]]
    found = await db.rows(
        """SELECT 'bank' AS what, id, iban_sealed, bic FROM bank_detail WHERE id = ANY ($1::bigint[])
           UNION ALL SELECT 'payee', id, iban_sealed, bic FROM payee WHERE id = ANY ($2::bigint[])""",
        [line["bank_detail_id"] for line in lines if line["bank_detail_id"]], payees,
    )  # fmt: skip
    return {
        f"{row['what']}:{row['id']}": (ring().open(row["iban_sealed"], SEALED[row["what"]]), row["bic"]) for row in found
    }  # fmt: skip


SEPA = Rail(name=RailName.SEPA, where=where, make_file=make_file, as_one=True)
