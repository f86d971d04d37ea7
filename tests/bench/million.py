"""Three years of a large network: leads as they come in life, with their keys, words, moves, deals and payments.

Names are drawn as in life: a few companies are recommended by everybody, most once; trades and family names repeat, so
that strangers share a name; mailboxes are shared by half the country, a switchboard by a street. What is told by Python
(keys, words to find) is written by processes into files and copied; what follows from that is made in SQL."""

import multiprocessing
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from portal.clients.keys import keys_of
from portal.search.access import words
from tests.bench.bench_accrual import CLONE
from tests.cast import Cast
from tests.stories import contract_of, open_a_programme, paid, won

PROCESSES, DAYS, REFERRERS, COLLEAGUES, CHAINS = 2, 1095, 4_000, 200, 300
UNANSWERED, AT_WORK = 0.02, 0.08  # of all; the others have ended
RECENT = 0.22  # in these last ones all that is unanswered or at work is found
ENDS = {"won": 22, "lost": 30, "rejected": 20, "expired": 12, "withdrawn": 6}
STAGES = ("accepted", "contacted", "qualified", "proposal")
TRADES = ["Boulangerie", "Garage", "Menuiserie", "Plomberie", "Électricité", "Maçonnerie", "Pharmacie", "Cabinet", "Atelier", "Transports", "Peinture", "Couverture", "Chauffage", "Imprimerie", "Hôtel", "Restaurant", "Immobilier", "Conseil", "Assurances", "Formation", "Nettoyage", "Paysages", "Optique", "Coiffure", "Informatique", "Architecture", "Domaine", "Clinique", "Auto-école", "Librairie"]  # fmt: skip
FORMS = ["SARL {}", "{} SARL", "SAS {}", "{} SAS", "{} SASU", "EURL {}", "{}", "{}", "{} & Fils", "Ets {}", "S.A.R.L. {}"]  # fmt: skip
TOWNS = ["Lyon", "Paris", "Nantes", "Lille", "Rennes", "Metz", "Nice", "Tours", "Brest", "Dijon", "Pau", "Caen"]  # fmt: skip
FIRST = ["Claire", "Marc", "Léa", "Jean", "Inès", "Paul", "Nora", "Hugo", "Anne", "Yves", "Zoé", "Karim", "Élise", "Omar"]  # fmt: skip
STARTS = ["Mar", "Ber", "Du", "Le", "Mo", "Fon", "Gi", "Ro", "La", "Per", "Ga", "Che", "Bou", "Vi", "Ma", "Sau", "Col", "Re"]  # fmt: skip
MIDDLES = ("", "ti", "na", "la", "re", "lo", "vi", "ge", "ri", "bo", "ta", "de", "che", "mi")
ENDINGS = ["nard", "n", "rand", "pont", "reau", "llet", "tain", "tier", "rier", "sel", "vier", "ssin", "lin", "mond", "y"]  # fmt: skip
FREE = ["gmail.com", "orange.fr", "free.fr", "hotmail.fr", "laposte.net", "outlook.com", "wanadoo.fr", "sfr.fr"]  # fmt: skip
LEAD = (
    "id", "ref", "referrer_id", "programme_id", "contract_id", "state", "company_name", "siren", "contact_name",
    "contact_email", "contact_phone", "need", "consent", "source", "estimate_cents", "recommended_on", "submitted_at",
    "answer_due_at", "accepted_at", "priority_until", "behind_lead_id", "sales_user_id", "moved_at", "earns",
)  # fmt: skip
COPIES = {
    "lead": LEAD,
    "match_key": ("kind", "value", "subject_kind", "subject_id"),
    "search_row": ("kind", "subject_id", "title", "subtitle", "path", "words", "staff", "referrer_id", "at"),
}
PLACES = {  # clones of what the real verbs made once
    "referrer": ("R", REFERRERS, "jsonb_build_object('id', 1000 + n, 'ref', 'R' || n, 'number', 'BENCH' || n, 'email', 'bench' || n || '@exemple.fr')"),
    "contract": ("C", REFERRERS, "jsonb_build_object('id', 1000 + n, 'ref', 'C' || n, 'number', 'BENCH' || n, 'referrer_id', 1000 + n)"),
    "app_user": ("U", COLLEAGUES, "jsonb_build_object('id', 1000 + n, 'ref', 'U' || n, 'email', 'bench' || n || '@lumen.example')"),
}  # fmt: skip
FROM_WON = "{table} made, lead WHERE made.id = (SELECT min(id) FROM {table}) AND lead.state = 'won' AND lead.id > 1000"
AFTERWARDS = (
    """INSERT INTO lead_move (lead_id, move, from_state, to_state, at, on_day)
       SELECT id, 'submit', '', 'submitted', submitted_at, recommended_on FROM lead WHERE id > 1000""",
    """INSERT INTO lead_move (lead_id, move, from_state, to_state, at, on_day)
       SELECT id, CASE state WHEN 'won' THEN 'win' WHEN 'lost' THEN 'lose' WHEN 'rejected' THEN 'reject' ELSE 'accept' END,
              'submitted', state, moved_at, moved_at::date FROM lead WHERE id > 1000 AND state NOT IN ('submitted', 'waiting')""",
    f"""INSERT INTO client OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(made, jsonb_build_object(
          'id', lead.id, 'ref', 'K' || lead.id, 'name', lead.company_name, 'siren', lead.siren, 'created_at', lead.moved_at))).*
        FROM {FROM_WON.format(table="client")}""",
    """INSERT INTO match_key SELECT kind, value, 'client', subject_id FROM match_key JOIN lead ON lead.id = subject_id
       WHERE subject_kind = 'lead' AND lead.state = 'won' AND lead.id > 1000""",
    f"""INSERT INTO deal OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(made, jsonb_build_object(
          'id', lead.id, 'ref', 'D' || lead.id, 'lead_id', lead.id, 'client_id', lead.id, 'signed_on', lead.moved_at::date,
          'net_cents', coalesce(lead.estimate_cents, 300000), 'created_at', lead.moved_at))).*
        FROM {FROM_WON.format(table="deal")}""",
    f"""INSERT INTO deal_line OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(made, jsonb_build_object(
          'id', lead.id, 'deal_id', lead.id, 'net_cents', coalesce(lead.estimate_cents, 300000)))).*
        FROM {FROM_WON.format(table="deal_line")}""",
    """INSERT INTO deal_share (deal_id, position, referrer_id, contract_id, weight)
       SELECT id, 1, referrer_id, contract_id, 100 FROM lead WHERE state = 'won' AND id > 1000""",
    """INSERT INTO client_payment (ref, deal_id, kind, paid_on, counts_on, net_cents, source, at)
       SELECT 'P' || id, id, 'payment', moved_at::date, moved_at::date, coalesce(estimate_cents, 300000), 'import', moved_at
       FROM lead WHERE state = 'won' AND id > 1000""",
    """UPDATE lead SET sales_user_id = (SELECT id FROM app_user WHERE email = 'sam@lumen.example') WHERE id % 200 = 7""",
    """INSERT INTO lead_note (lead_id, author_id, body, shared, at)
       SELECT id, 1001, 'Rappelé, à suivre', id % 2 = 0, moved_at FROM lead WHERE id > 1000 AND id % 10 = 3""",
    *(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        for table in ("lead", "client", "deal", "deal_line", "referrer", "contract", "app_user")
    ),
    "VACUUM ANALYZE",
)


async def fill(owner_url: str, cast: Cast, leads: int, folder: Path) -> None:
    """Into a migrated database with the cast in it, the pool at it. `folder` holds the files on their way."""
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    await paid(await won(cast.rachel, cast.sam, siren="732829320"), cast.fanny, 100_000)
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        shares = [
            (leads, share, folder, plan["programme_id"], datetime.now(UTC)) for share in range(PROCESSES)
        ]
        pool.starmap(written, shares)
    owner = await asyncpg.connect(owner_url)
    await owner.execute("SET session_replication_role = replica")  # nothing here is checked twice
    for table, (_letter, many, changes) in PLACES.items():
        await owner.execute(CLONE.format(table=table, changes=changes).replace("$1", str(many)))
    for table, columns in COPIES.items():
        for share in range(PROCESSES):
            with _file(folder, table, share).open("rb") as source:
                await owner.copy_to_table(table, source=source, columns=columns)
    for statement in AFTERWARDS:
        await owner.execute(statement)
    await owner.close()


def _file(folder: Path, table: str, share: int) -> Path:
    return folder / f"{table}.{share}"


def written(leads: int, share: int, folder: Path, programme_id: int, now: datetime) -> None:
    """One process's share of the files, the same each time."""
    chance = random.Random(share)
    files = {table: _file(folder, table, share).open("w") for table in COPIES}
    for number in range(share, leads, PROCESSES):
        made = lead(chance, number, leads, programme_id, now)
        for table, row in rows_of(made):
            files[table].write("\t".join("\\N" if cell is None else str(cell) for cell in row) + "\n")
    for file in files.values():
        file.close()


def rows_of(made: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    yield "lead", tuple(made[column] for column in LEAD)
    keys = keys_of(
        name=made["company_name"],
        siren=made["siren"],
        email=made["contact_email"],
        phone=made["contact_phone"],
    )
    for kind, value in keys:
        yield "match_key", (kind, value, "lead", made["id"])
    referrer = f"Apporteur {made['referrer_id']}"
    found_by = words(made["company_name"], referrer, made["siren"], made["contact_name"])
    yield "search_row", (
        "lead", made["id"], made["company_name"], referrer, f"/recommandations/{made['ref']}", found_by, True,
        made["referrer_id"], made["submitted_at"],
    )  # fmt: skip


def lead(chance: random.Random, number: int, leads: int, programme_id: int, now: datetime) -> dict[str, Any]:
    name, siren, domain = company(draw(chance, leads))
    contact, family = chance.choice(FIRST), surname(chance)
    sent = now - timedelta(days=DAYS * (1 - (number + 1) / leads), minutes=1)
    state = state_of(chance, number / leads)
    open_still = state in STAGES or state in ("submitted", "waiting")
    moved = (
        sent if state in ("submitted", "waiting") else min(now, sent + timedelta(days=chance.random() * 40))
    )
    referrer_id = 1001 + int(REFERRERS * chance.random() ** 2)
    return {
        "id": 1001 + number, "ref": f"L{number}", "referrer_id": referrer_id, "programme_id": programme_id,
        "contract_id": referrer_id, "state": state, "company_name": name,
        "siren": siren if chance.random() < 0.3 else "", "contact_name": f"{contact} {family}",
        "contact_email": f"{plain(contact)}.{plain(family)}@{domain}", "contact_phone": phone(chance),
        "need": "Refaire le site et les affiches", "consent": "spoken 2026-01-05", "source": "form",
        "estimate_cents": chance.randrange(1, 400) * 10_000 if chance.random() < 0.7 else None,
        "recommended_on": sent.date(), "submitted_at": sent, "answer_due_at": sent + timedelta(days=2),
        "accepted_at": moved if state in (*STAGES, "won", "lost") else None,
        "priority_until": sent.date() + timedelta(days=182) if state != "submitted" else None,
        "behind_lead_id": 1001 + number // 2 if state == "waiting" else None,
        "sales_user_id": 1001 + referrer_id % COLLEAGUES, "moved_at": moved,
        "earns": "undecided" if open_still and chance.random() < 0.001 else "yes",
    }  # fmt: skip


def state_of(chance: random.Random, age: float) -> str:
    """Answered, won or lost long ago; what is unanswered came lately."""
    drawn = chance.random()
    if age > 1 - UNANSWERED:
        return "waiting" if drawn < 0.1 else "submitted"
    if age > 1 - RECENT and drawn < AT_WORK / (RECENT - UNANSWERED):
        return chance.choice(STAGES)
    [ended] = chance.choices(list(ENDS), list(ENDS.values()))
    return ended


def draw(chance: random.Random, leads: int) -> int:
    """Which company: one in three is one of the few that many recommend."""
    return int(leads * (chance.random() ** 3 if chance.random() < 0.3 else chance.random()))


def company(number: int) -> tuple[str, str, str]:
    """Name, SIREN and where its mails live: always the same for one number."""
    chance = random.Random(number)
    stem = f"{chance.choice(TRADES)} {surname(chance)}"
    if chance.random() < 0.4:
        stem = f"{stem} {chance.choice(TOWNS)}"
    drawn = chance.random()
    if drawn < 0.3:
        domain = chance.choice(FREE)
    elif drawn < 0.4:
        domain = f"enseigne{chance.randrange(CHAINS)}.fr"
    else:
        domain = f"{plain(stem)}{number % 7}.fr"
    return chance.choice(FORMS).format(stem), siren_of(number), domain


def surname(chance: random.Random) -> str:
    """Some family names are much more common than others."""
    parts = (STARTS, MIDDLES, ENDINGS)
    return "".join(part[int(len(part) * chance.random() ** 1.6)] for part in parts)


def siren_of(number: int) -> str:
    """Eight digits and the one that makes them right."""
    digits = f"{10_000_000 + number * 7 % 89_999_999:08}"
    doubled = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(digits))
    return f"{digits}{-doubled % 10}"


def phone(chance: random.Random) -> str:
    """One in thirty is a switchboard."""
    if chance.random() < 0.03:
        return f"+3347200{chance.randrange(200):04}"
    return f"+336{chance.randrange(10**8):08}"


def plain(text: str) -> str:
    return re.sub("[^a-z]", "", words(text))
