"""What a year needs before it is closed: ONE table. Each room that keeps a part of the year says whom it still waits for.

A requirement is one question of the database, $1 the company and $2 the year: of each that is missing the `ref` that its
page has, `name` and `number` of whom or what it is about, and `why`, the codes of the reasons. What is not found by a
question (figures of law that nobody has given yet) is a function."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.company import access as company
from portal.gifts.register.access import BENEFITS
from portal.kit import db
from portal.kit.text import N_
from portal.law import Figures, NoFigure
from portal.law.das2 import THRESHOLD
from portal.law.gifts import VAT_THRESHOLD
from portal.law.labels import LABELS
from portal.law.partner_employees import SMIC
from portal.referrers.access import NAME
from portal.taxes.access import PAYMENTS
from portal.taxes.closing.rules import Lack, last_day
from portal.taxes.das2 import access as das2
from portal.taxes.das2.rules import LACK_LABELS

Find = Callable[[int, int, Figures], Awaitable[Sequence[Lack]]]


@dataclass(frozen=True, slots=True)
class Requirement:
    """`label`: what is missing; `todo`: what to do about it; `path`: of its page, with the ref in it."""

    code: str
    label: str
    todo: str
    path: str = ""
    sql: str = ""
    find: Find | None = None
    why: Mapping[str, str] = field(default_factory=dict)


IN_YEAR = "BETWEEN make_date($2::int, 1, 1) AND make_date($2::int, 12, 31)"
OPEN_MONTHS = """
SELECT ref, to_char(month, 'YYYY-MM-DD') AS name, '' AS number, '{}'::text[] AS why FROM settlement
WHERE legal_entity_id = $1 AND extract(year FROM month)::int = $2::int AND state <> 'closed'
"""
WITH_THE_BANK = f"""
SELECT line.ref, {NAME} AS name, referrer.number, '{{}}'::text[] AS why
FROM payout_line line JOIN payout_run run ON run.id = line.run_id JOIN referrer ON referrer.id = line.referrer_id
WHERE run.legal_entity_id = $1 AND line.state = 'sent' AND run.executes_on <= make_date($2::int, 12, 31)
"""
BANK_WAITS = f"""
SELECT entry.ref, coalesce(nullif(entry.name, ''), entry.label) AS name, '' AS number, '{{}}'::text[] AS why
FROM bank_entry entry WHERE entry.state = 'waiting' AND entry.said_on {IN_YEAR} AND $1::bigint > 0
"""
WITHOUT_ADDRESS = f"""
SELECT referrer.ref, {NAME} AS name, referrer.number,
       array_remove(ARRAY[CASE WHEN {NAME} = '' THEN 'name' END, CASE WHEN referrer.street = '' OR referrer.city = '' THEN 'address' END], NULL) AS why
FROM referrer WHERE ({NAME} = '' OR referrer.street = '' OR referrer.city = '')
  AND referrer.id IN (SELECT referrer_id FROM ({PAYMENTS}) paid WHERE legal_entity_id = $1 AND settled_on {IN_YEAR})
"""
NOT_COUNTED = f"""
SELECT referrer.ref, {NAME} AS name, referrer.number, '{{}}'::text[] AS why FROM referrer
WHERE referrer.id IN (SELECT referrer_id FROM ({PAYMENTS}) paid WHERE legal_entity_id = $1 AND settled_on {IN_YEAR} AND status = 'partner_employee'
                      UNION SELECT referrer_id FROM ({BENEFITS}) given WHERE legal_entity_id = $1 AND year = $2::int AND status = 'partner_employee')
  AND NOT EXISTS (SELECT FROM third_party_sum WHERE referrer_id = referrer.id AND year = $2::int)
"""
# Points still out on the last day, and no provision says what they will cost.
POINTS_OUT = """
SELECT '' AS ref, '' AS name, '' AS number, '{}'::text[] AS why WHERE 0 < (
  SELECT coalesce(sum(line.amount), 0) FROM ledger_account account JOIN ledger_line line ON line.account_id = account.id
  JOIN ledger_entry entry ON entry.id = line.entry_id
  WHERE account.legal_entity_id = $1 AND account.role = 'points_issued' AND entry.occurred_on <= make_date($2::int, 12, 31)
) AND NOT EXISTS (SELECT FROM points_provision WHERE legal_entity_id = $1 AND on_day >= make_date($2::int, 12, 31))
"""
PARTNERS_PAID = f"SELECT EXISTS (SELECT FROM ({PAYMENTS}) paid WHERE legal_entity_id = $1 AND settled_on {IN_YEAR} AND status = 'partner_employee')"


async def _declarees(entity_id: int, year: int, _figures: Figures) -> list[Lack]:
    """Whom the declaration cannot name yet."""
    return [
        Lack(
            "das2",
            who["name"],
            f"/fiscalite/{year}/das2/{who['ref']}",
            who["number"],
            tuple((LACK_LABELS[one], {}) for one in who.lacks),
        )
        for who in await das2.lacking(entity_id, year)
    ]


async def _figures(entity_id: int, year: int, figures: Figures) -> list[Lack]:
    """What the papers of the year are made with, and nobody has given yet."""
    wanted = [(THRESHOLD, last_day(year)), (VAT_THRESHOLD, last_day(year))]
    if _is_unknown(figures, SMIC, date(year, 1, 1)) and await db.value(PARTNERS_PAID, entity_id, year):
        wanted.append((SMIC, date(year, 1, 1)))
    return [
        Lack("figures", LABELS[code], f"/reglages/chiffres/{code}", why=((NOT_GIVEN, {"day": day}),))
        for code, day in wanted
        if _is_unknown(figures, code, day)
    ]


def _is_unknown(figures: Figures, code: str, day: date) -> bool:
    try:
        figures.at(code, day)
    except NoFigure:
        return True
    return False


NOT_GIVEN = N_("Aucune valeur au %(day)s.")
REQUIREMENTS = (
    Requirement("months", N_("Arrêté du mois à clore"), N_("Clôturez-le : l'année suit ses mois."), "/arretes/{ref}", OPEN_MONTHS),
    Requirement("with_bank", N_("Virement encore à la banque"), N_("Dites quand il est arrivé, ou qu'il est revenu."), "/virements/{ref}", WITH_THE_BANK),
    Requirement("bank", N_("Réponse de la banque à décider"), N_("Rattachez-la, ou mettez-la de côté."), "/virements/banque/{ref}", BANK_WAITS),
    Requirement(
        "identity", N_("Identité à compléter"), N_("Sans elle, ses documents de l'année ne peuvent pas être établis."), "/apporteurs/{ref}",
        WITHOUT_ADDRESS, why={"name": N_("nom manquant"), "address": N_("adresse manquante")},
    ),
    Requirement(
        "das2", N_("DAS2 à compléter"), N_("Complétez sa fiche, ou tranchez : la déclaration l'attend."), find=_declarees,
    ),
    Requirement(
        "partners", N_("Salarié d'un partenaire : sommes à compter"), N_("Donnez le SMIC du 1er janvier : elles se comptent alors d'elles-mêmes."),
        "/apporteurs/{ref}", NOT_COUNTED,
    ),
    Requirement("points", N_("Provision des points"), N_("Provisionnez les points au 31 décembre : ce qu'ils coûteront."), "/comptabilite/points", POINTS_OUT),
    Requirement("figures", N_("Chiffre de loi manquant"), N_("Donnez la valeur publiée, avec sa source."), find=_figures),
)  # fmt: skip
BY_CODE = {one.code: one for one in REQUIREMENTS}
ASKED = "\nUNION ALL\n".join(
    f"SELECT {place} AS place, '{one.code}' AS code, asked.* FROM ({one.sql}) asked"
    for place, one in enumerate(REQUIREMENTS)
    if one.sql
)


async def lacking(entity_id: int, year: int) -> list[Lack]:
    """All that is missing, in the order of the table, by name."""
    figures = await company.figures()
    rows = await db.rows(f"SELECT * FROM ({ASKED}) lack ORDER BY place, name, number", entity_id, year)
    found = [_lack(row) for row in rows]
    for one in REQUIREMENTS:
        found += await one.find(entity_id, year, figures) if one.find else []
    order = list(BY_CODE)
    return sorted(found, key=lambda lack: order.index(lack.code))


def _lack(row: db.Row) -> Lack:
    about = BY_CODE[row["code"]]
    why = tuple((about.why[code], {}) for code in row["why"])
    name = date.fromisoformat(row["name"]) if row["code"] == "months" else row["name"]
    return Lack(row["code"], name, about.path.format(ref=row["ref"]), row["number"], why)
