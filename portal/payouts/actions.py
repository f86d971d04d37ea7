"""What is done with runs: prepared, approved by another, sent, settled; lines that come back."""

from collections.abc import Iterable, Sequence
from datetime import date

from portal.company import access as company
from portal.company.actions import IBAN as COMPANY_IBAN
from portal.earnings import settle as settlements
from portal.history.access import record_chained
from portal.invoicing import numbering
from portal.invoicing.issuing import lock
from portal.kit import db, files
from portal.kit.days import day_of, now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.files import Kept, Store
from portal.kit.keyring import ring
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_, money
from portal.ledger import recipes
from portal.ledger.posting import post, reverse
from portal.payouts import access
from portal.payouts.events import LineFailed, LineSettled, RunApproved, RunPrepared, RunSent
from portal.payouts.rules import (
    APPROVAL,
    LINE_MOVES,
    RUN_MOVES,
    Candidate,
    LineState,
    Parts,
    RunState,
    bank_block,
    check,
    digest,
    parts_of,
)
from portal.payouts.rails.sepa import SepaLine, SepaRun, transfer_file
from portal.people import approvals
from portal.people.approvals import ApprovalState
from portal.people.rules import Person
from portal.referrers.access import with_payee
from portal.referrers.actions import IBAN
from portal.search import access as search

PAIN = "application/xml"


async def prepare(entity_id: int, executes_on: date) -> db.Row:
    """A run of all unpaid papers of all who can be paid: one line each. Raises Refused when there is none."""
    if executes_on < today():
        raise Refused("past_day", N_("Choisissez un jour d'exécution à venir."))
    await lock(sorted(candidate.referrer["referrer_id"] for candidate in await access.waiting(entity_id)))
    ready = [candidate for candidate in await access.waiting(entity_id) if not candidate.block]
    if not ready:
        raise Refused("nothing_to_pay", N_("Aucune pièce à régler pour l'instant."))
    year = today().year
    series = await numbering.series(entity_id, f"payout:{year}", f"VIR-{year}-")
    number = series.number(await numbering.take(series, today()))
    run_id = await _write(entity_id, executes_on, number, ready)
    await _chain(run_id, "prepared", number=number)
    made = await access.run(run_id)
    await approvals.ask(APPROVAL, "payout_run", run_id, made["digest"])
    await search.put(
        "payout_run",
        run_id,
        title=number,
        path=f"/virements/{made['ref']}",
        find=(money(made["total_cents"]),),
    )
    emit(RunPrepared(run_id=run_id))
    return made


async def _write(entity_id: int, executes_on: date, number: str, ready: Sequence[Candidate]) -> int:
    refs = [new_ref() for _ in ready]
    lines = [
        (f"{number}-{ref}", one.referrer["referrer_id"], one.bank["id"] if one.bank else 0,
         one.parts.net, one.parts.vat, [paper["id"] for paper in one.papers])
        for ref, one in zip(refs, ready, strict=True)
    ]  # fmt: skip
    run_id = await db.insert(
        "payout_run",
        ref=new_ref(), number=number, legal_entity_id=entity_id, state="drafted", executes_on=executes_on,
        digest=digest(executes_on, lines), prepared_by=current().actor.user_id, prepared_at=now(),
    )  # fmt: skip
    for ref, (end_to_end_id, referrer_id, bank_id, net, vat, papers) in zip(refs, lines, strict=True):
        line_id = await db.insert(
            "payout_line",
            ref=ref, run_id=run_id, referrer_id=referrer_id, bank_detail_id=bank_id, net_cents=net, vat_cents=vat,
            total_cents=net + vat, end_to_end_id=end_to_end_id, state="drafted",
        )  # fmt: skip
        await db.execute_many(
            "INSERT INTO payout_invoice (line_id, invoice_id) VALUES ($1, $2)",
            [(line_id, paper) for paper in papers],
        )
    return run_id


async def approve(run: db.Row) -> None:
    """The second pair of eyes, on exactly these lines. Raises NotAllowed for who prepared them."""
    await approvals.decide(await _asked(run), _person(), await _digest_now(run))
    await _move(run, "approve", approved_by=_person().user_id, approved_at=now())
    emit(RunApproved(run_id=run["id"]))


async def refuse(run: db.Row, reason: str) -> None:
    """The second pair of eyes says no: nothing leaves, all papers are free again."""
    await approvals.refuse(await _asked(run), _person(), reason)
    await _cancel(run)


async def cancel(run: db.Row) -> None:
    """While it is not sent: its papers are free for another run."""
    asked = await approvals.latest(APPROVAL, "payout_run", run["id"])
    if asked and asked["state"] == ApprovalState.WAITING:
        await approvals.withdraw(asked, _person())
    await _cancel(run)


async def _asked(run: db.Row) -> db.Row:
    check(RUN_MOVES["approve"], run["state"])
    asked = await approvals.latest(APPROVAL, "payout_run", run["id"])
    assert asked is not None
    return asked


def _person() -> Person:
    actor = current().actor
    assert isinstance(actor, Person), "two pairs of eyes are those of people"
    return actor


async def bank_file(run: db.Row) -> Kept:
    """Before the deed that sends: the file for the bank, stored once and for all. The same run gives the same bytes."""
    check(RUN_MOVES["send"], run["state"])
    entity = await company.legal_entity_by(run["legal_entity_id"])
    if entity["iban_sealed"] is None:
        raise Refused(
            "company_iban", N_("Indiquez d'abord le compte bancaire de l'entreprise dans les réglages.")
        )
    return await files.keep(
        Store.ISSUED,
        transfer_file(await _sepa_run(run, entity)),
        media_type=PAIN,
        name=f"{run['number']}.xml",
    )


async def _sepa_run(run: db.Row, entity: db.Row) -> SepaRun:
    lines = await access.lines_of(run["id"])
    papers = await access.papers_of([line["id"] for line in lines])
    sealed = await db.rows("SELECT id, iban_sealed, bic FROM bank_detail WHERE id = ANY ($1::bigint[])",
                           [line["bank_detail_id"] for line in lines])  # fmt: skip
    banks = {bank["id"]: bank for bank in sealed}
    return SepaRun(
        message_id=run["number"], created_at=run["approved_at"],
        executes_on=max(run["executes_on"], day_of(run["approved_at"])),
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


async def send(run: db.Row, kept: Kept) -> None:
    """Hand it to the bank: `kept` is bank_file(run). What was approved is what is sent, to accounts that still stand."""
    if not await approvals.is_approved(APPROVAL, "payout_run", run["id"], await _digest_now(run)):
        raise Refused(
            "run_altered", N_("Les lignes ne sont plus celles qui ont été approuvées : annulez ce règlement.")
        )
    lines = await access.lines_of(run["id"])
    await _check_accounts(lines)
    file = await files.attach(kept, "payout_run", run["id"])
    await _move(run, "send", sent_at=now(), file_id=file["id"])
    await _move_lines(lines, "send")
    papers = await access.papers_of([line["id"] for line in lines])
    await post([_sent(run, line, parts_of(papers[line["id"]])) for line in lines])
    await _mark(lines, "sent", today())
    for line in lines:
        await _make_findable(line)
    await _chain(run["id"], "file", sha256=kept.sha256.hex())
    emit(RunSent(run_id=run["id"]))


async def settle(run: db.Row, on: date) -> None:
    """The bank has paid, on this day, all lines that did not come back."""
    check(RUN_MOVES["settle"], run["state"])
    await settle_lines([line for line in await access.lines_of(run["id"]) if line["state"] == "sent"], on)


async def settle_lines(lines: Sequence[db.Row], on: date) -> None:
    """These arrived, on this day. A run of which nothing is under way any more is settled."""
    runs = await _runs_of(lines)
    for run in runs.values():
        if not day_of(run["sent_at"] or now()) <= on <= today():
            raise Refused("settled_when", N_("Indiquez un jour entre l'envoi et aujourd'hui."))
    await _move_lines(lines, "settle", settled_on=on)
    papers = await access.papers_of([line["id"] for line in lines])
    await post([_settled(runs[line["run_id"]], line, parts_of(papers[line["id"]]), on) for line in lines])
    await _mark(lines, "paid", on)
    for line in lines:
        emit(LineSettled(line_id=line["id"]))
    await _finish(runs.values(), on)


async def fail(line: db.Row, on: date, why: str = "") -> None:
    """The transfer came back, perhaps after it had arrived: its papers are free for another run. `why`: the bank's code."""
    runs = await _runs_of([line])
    line = await access.line(line["id"])
    run = runs[line["run_id"]]
    if line["state"] == LineState.SETTLED:
        await _undo_arrival(line, on)
    await _move_lines([line], "fail", came_back_on=on, why=why)
    await _free([line])
    papers = await access.papers_of([line["id"]])
    await post([_returned(run, line, parts_of(papers[line["id"]]), on)])
    await _mark([line], "returned", on)
    await _chain(run["id"], "line_failed", line=line["id"], why=why)
    emit(LineFailed(line_id=line["id"]))
    await _finish([run], on)


async def _undo_arrival(line: db.Row, on: date) -> None:
    """What was booked when it arrived is booked back."""
    arrived = await db.value(
        "SELECT id FROM ledger_entry WHERE idempotency_key = $1", f"payout_line:{line['id']}:settled"
    )
    await reverse(arrived, on, "payout_returned")


async def _runs_of(lines: Sequence[db.Row]) -> dict[int, db.Row]:
    """Their runs, locked: of two words of the bank at once the second sees what the first did."""
    ids = sorted({line["run_id"] for line in lines})
    await db.rows("SELECT id FROM payout_run WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", ids)
    return {run_id: await access.run(run_id) for run_id in ids}


async def _finish(runs: Iterable[db.Row], on: date) -> None:
    """Nothing of it is on its way any more."""
    for run in runs:
        under_way = "SELECT EXISTS (SELECT FROM payout_line WHERE run_id = $1 AND state = 'sent')"
        if run["state"] == RunState.SENT and not await db.value(under_way, run["id"]):
            await _move(run, "settle", settled_at=now(), settled_on=on)


async def _cancel(run: db.Row) -> None:
    lines = await access.lines_of(run["id"])
    await _move(run, "cancel", cancelled_at=now())
    await _move_lines(lines, "cancel")
    await _free(lines)


# Moves


async def _move(run: db.Row, name: str, **changes: object) -> None:
    """One move of the table; the UPDATE repeats the state it starts from."""
    move = RUN_MOVES[name]
    check(move, run["state"])
    sets = "".join(f', "{column}" = ${i}' for i, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE payout_run SET state = $2, version = version + 1{sets} WHERE id = $1 AND state = $3",
        run["id"], move.to, run["state"], *changes.values(),
    )  # fmt: skip
    if moved != 1:
        raise Stale("stale")
    await _chain(run["id"], move.to, digest=run["digest"].hex())


async def _move_lines(lines: Sequence[db.Row], name: str, **changes: object) -> None:
    move = LINE_MOVES[name]
    sets = "".join(f", {column} = ${i}" for i, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE payout_line SET state = $2{sets} WHERE id = ANY ($1::bigint[]) AND state = ANY ($3::text[])",
        [line["id"] for line in lines], move.to, list(move.froms), *changes.values(),
    )  # fmt: skip
    if moved != len(lines):
        raise Stale("stale")


async def _free(lines: Sequence[db.Row]) -> None:
    await db.execute(
        "UPDATE payout_invoice SET released = true WHERE line_id = ANY ($1::bigint[]) AND NOT released",
        [line["id"] for line in lines],
    )


async def _digest_now(run: db.Row) -> bytes:
    lines = await access.lines_of(run["id"])
    papers = await access.papers_of([line["id"] for line in lines])
    return digest(
        run["executes_on"],
        [
            (line["end_to_end_id"], line["referrer_id"], line["bank_detail_id"], line["net_cents"],
             line["vat_cents"], [paper["id"] for paper in papers[line["id"]]])
            for line in lines
        ],
    )  # fmt: skip


async def _check_accounts(lines: Sequence[db.Row]) -> None:
    """Each account is still the latest of its referrer, and in use; nobody else is to be paid in their place."""
    replaced = await with_payee([line["referrer_id"] for line in lines], today())
    if others := [line["referrer_name"] for line in lines if line["referrer_id"] in replaced]:
        raise Refused(
            "payee",
            N_("Un autre est à payer à la place de %(who)s. Annulez, puis préparez à nouveau."),
            who=", ".join(others),
        )
    banks = await access.banks_of([line["referrer_id"] for line in lines])
    at = now()
    changed = [
        line["referrer_name"]
        for line in lines
        if (bank := banks.get(line["referrer_id"])) is None
        or bank["id"] != line["bank_detail_id"]
        or bank_block(bank, at)
    ]
    if changed:
        raise Refused(
            "iban_changed", N_("L'IBAN a changé depuis la préparation : %(who)s. Annulez, puis préparez à nouveau."),
            who=", ".join(changed),
        )  # fmt: skip


async def _mark(lines: Sequence[db.Row], kind: str, on: date) -> None:
    earnings = await access.earnings_of([line["id"] for line in lines])
    for line in lines:
        ids = [earning["id"] for earning in earnings[line["id"]]]
        await settlements.mark(ids, kind, "payout_line", line["id"], on)


async def _chain(run_id: int, what: str, **data: object) -> None:
    await record_chained(f"payout_run:{run_id}", f"payouts.{what}", "payout_run", run_id, **data)


async def _make_findable(line: db.Row) -> None:
    await search.put(
        "transfer", line["id"],
        title=money(line["total_cents"]), subtitle=f"{line['referrer_name']} {line['run_number']}",
        path=f"/virements/{line['ref']}", find=(line["referrer_number"], line["last4"]),
        referrer_id=line["referrer_id"],
    )  # fmt: skip


# Entries


def _sent(run: db.Row, line: db.Row, parts: Parts):
    return recipes.payout_sent(
        run["legal_entity_id"], line["referrer_id"], line["id"], parts.net, parts.vat, today(),
        set_off_net_cents=parts.set_off_net, set_off_vat_cents=parts.set_off_vat,
    )  # fmt: skip


def _settled(run: db.Row, line: db.Row, parts: Parts, on: date):
    """Of papers under the option for débits the VAT was deductible at once: only what was pending becomes so now."""
    return recipes.payout_settled(
        run["legal_entity_id"], line["referrer_id"], line["id"], parts.net, parts.vat, on,
        set_off_vat_cents=parts.pending_vat - parts.vat,
    )  # fmt: skip


def _returned(run: db.Row, line: db.Row, parts: Parts, on: date):
    return recipes.payout_returned(
        run["legal_entity_id"], line["referrer_id"], line["id"], parts.net, parts.vat, on,
        set_off_net_cents=parts.set_off_net, set_off_vat_cents=parts.set_off_vat,
    )  # fmt: skip
