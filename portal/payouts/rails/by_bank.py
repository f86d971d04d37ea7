"""Paid by the bank: one file for a run, made before the deed and kept once and for all."""

from collections.abc import Mapping, Sequence

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
from portal.payouts.rails.sepa import SepaLine, SepaRefused, SepaRun, transfer_file
from portal.referrers.actions import IBAN

PAIN = "application/xml"


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
        raise Refused(
            "sepa_refused",
            N_("Ce règlement ne peut pas partir à la banque : %(wrong)s. Rien n'est parti."), wrong=str(wrong),
        ) from wrong  # fmt: skip
    return await files.keep(Store.ISSUED, body, media_type=PAIN, name=f"{run['number']}.xml")


async def _sepa_run(run: db.Row, entity: db.Row, lines: Sequence[db.Row], papers: Papers) -> SepaRun:
    sealed = await db.rows(
        "SELECT id, iban_sealed, bic FROM bank_detail WHERE id = ANY ($1::bigint[])",
        [line["bank_detail_id"] for line in lines],
    )
    banks = {bank["id"]: bank for bank in sealed}
    return SepaRun(
        message_id=run["number"], created_at=run["approved_at"],
        executes_on=executed_on(run["executes_on"], day_of(run["approved_at"])),
        debtor_name=entity["name"], debtor_iban=ring().open(entity["iban_sealed"], COMPANY_IBAN),
        debtor_bic=entity["bic"],
        lines=tuple(
            SepaLine(
                end_to_end_id=line["end_to_end_id"], name=line["holder"], amount_cents=line["total_cents"],
                iban=ring().open(banks[line["bank_detail_id"]]["iban_sealed"], IBAN),
                bic=banks[line["bank_detail_id"]]["bic"],
                text="Commissions " + " ".join(paper["number"] for paper in papers[line["id"]]),
            )
            for line in lines
        ),
    )  # fmt: skip


SEPA = Rail(name=RailName.SEPA, where=where, make_file=make_file, as_one=True)
