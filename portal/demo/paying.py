"""What is special about runs: limits and a delegation, a cheque with its proof, and a statement of the bank."""

from datetime import date, timedelta

from portal.demo import story
from portal.demo.cast import COMPANY
from portal.demo.closing import FINANCE
from portal.demo.filing import kept
from portal.demo.stage import Stage, last_working_day
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.law.holidays import is_bank_day, same_or_next
from portal.payouts import access, actions
from portal.payouts.approval import approving
from portal.payouts.bank import taking
from portal.payouts.by_hand import paying
from portal.payouts.by_hand.rules import Way
from portal.payouts.rails import choosing
from portal.payouts.rails.rules import RailName

FIRST, SECOND = FINANCE
LINE_LIMIT, RUN_LIMIT = 5_000_00, 20_000_00
AWAY = (10, 24)  # days after the last one told


def pays(stage: Stage) -> None:
    """Put all of it on the agenda."""
    for ago, who, act, hour in (
        (70, FIRST, choose_cheques, 9),
        (27, "", pay_by_cheque, 10),
        (2, "", read_the_statement, 9),
        (1, FIRST, limit, 11),
        (1, SECOND, delegate, 12),
    ):
        stage.on(last_working_day(stage.plot.ago(ago)), who, act, hour=hour)


# Who approves


async def limit(stage: Stage) -> None:
    person = stage.people[FIRST]
    await approving.limit(person.user_id, person, LINE_LIMIT, RUN_LIMIT)


async def delegate(stage: Stage) -> None:
    """For the days on which the second is away."""
    since, until = (stage.last_day + timedelta(days) for days in AWAY)
    await approving.delegate(stage.people[SECOND], stage.people[FIRST].user_id, since, until)


# By cheque


async def choose_cheques(stage: Stage) -> None:
    referrer_id = stage.referrers[stage.plot.member(story.CHEQUE).who.email]
    await choosing.choose(referrer_id, RailName.HAND, today(), "Préfère un chèque.")


async def pay_by_cheque(stage: Stage) -> None:
    """Prepared, approved and let go like any other; then the cheque, with its scan."""
    run = await _sent_by_hand(stage)
    for number, line in enumerate(await access.lines_of(run["id"]), 1):
        proof = await kept(stage, "cheque.pdf")
        async with deed(stage.people[FIRST], notify=stage.is_loud(now())):
            await paying.pay(
                line, None, way=Way.CHEQUE, amount_cents=line["total_cents"], paid_on=today(),
                reference=f"{4_418_000 + number}", kept=proof,
            )  # fmt: skip


async def _sent_by_hand(stage: Stage) -> db.Row:
    async with deed(stage.people[FIRST], notify=stage.is_loud(now())):
        run = await actions.prepare(stage.entity_id, same_or_next(today(), is_bank_day), RailName.HAND)
    async with deed(stage.people[SECOND], notify=stage.is_loud(now())):
        await actions.approve(run)
    async with deed(stage.people[FIRST], notify=stage.is_loud(now())):
        await actions.send(await access.run(run["id"]), None)
    return run


# The bank

SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
ENTRY = """<Ntry><Amt Ccy="EUR">{cents}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt>\
<ValDt><Dt>{on}</Dt></ValDt><NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><RmtInf><Ustrd>{label}</Ustrd></RmtInf>\
</TxDtls></NtryDtls><AddtlNtryInf>{label}</AddtlNtryInf></Ntry>"""
STATEMENT = """<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{space}"><BkToCstmrStmt><GrpHdr><MsgId>{message}</MsgId>\
<CreDtTm>{on}T06:00:00</CreDtTm></GrpHdr><Stmt><Id>{message}</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>{on}T06:00:00</CreDtTm>\
<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{entries}</Stmt></BkToCstmrStmt></Document>"""
FEE = 10_00  # what the bank kept, so that the amount is not the one that was sent


async def read_the_statement(stage: Stage) -> None:
    """One transfer that arrived, one of another amount that somebody has to decide on, and the rent."""
    arrived, other = await _under_way(stage)
    entries = (
        (arrived["total_cents"], arrived["end_to_end_id"], "VIR APPORT"),
        (other["total_cents"] - FEE, other["end_to_end_id"], "VIR APPORT"),
        (1_850_00, "NOTPROVIDED", "LOYER QUAI DE LA FOSSE"),
    )
    await taking.take(_statement(entries, today()), f"releve-{today()}.xml", stage.people[FIRST])


async def _under_way(stage: Stage) -> tuple[db.Row, db.Row]:
    """Of somebody whose home nobody opens, and of the most active of all."""
    found = await db.rows(
        """SELECT line.total_cents, line.end_to_end_id, referrer.email FROM payout_line line JOIN referrer ON referrer.id = line.referrer_id
           WHERE line.state = 'sent' AND referrer.email = ANY ($1) ORDER BY line.id""",
        [stage.plot.member(story.ARRIVED).who.email, story.HUGO],
    )  # fmt: skip
    by = {line["email"]: line for line in found}
    return by[stage.plot.member(story.ARRIVED).who.email], by[story.HUGO]


def _statement(entries: tuple[tuple[int, str, str], ...], on: date) -> bytes:
    told = "".join(
        ENTRY.format(cents=f"{cents // 100}.{cents % 100:02d}", on=on, reference=reference, label=label)
        for cents, reference, label in entries
    )
    return STATEMENT.format(
        space=SPACE, message=f"REL-{on:%Y%m%d}", on=on, iban=COMPANY["iban"], entries=told
    ).encode()
