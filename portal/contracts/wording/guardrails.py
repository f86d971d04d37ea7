"""What the words of a contract, a programme or a plan would turn it into: agency, employment, a trade that the law keeps.

It warns, with reason and source, where the words affirm; a text that denies them says what it should. Only dealings
with public buyers stop a publication."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.kit.text import N_

PUBLIC_AGENTS = "C. pén. 432-11, 433-1 ; C. pén. 432-14"
AGENCY = "C. com. L134-1, L134-12"
EMPLOYMENT = "C. trav. L8221-6 ; CSS L311-2"


@dataclass(frozen=True, slots=True)
class Rail:
    code: str
    reason: str  # French msgid
    source: str
    words: re.Pattern[str]
    is_noun: bool = True  # what is listed after a denied noun is denied with it; a verb says something new
    is_trade: bool = False
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Warned:
    rail: Rail
    line: int  # from 1; 0 when it is not about a text
    words: str  # as written; empty when the company's own trade is the cause


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})" for pattern in patterns), re.IGNORECASE)


MANDATES = N_("Négocier ou conclure pour l'entreprise est le métier d'un agent commercial : sa fin donne droit à une indemnité, d'environ deux ans de commissions, à laquelle nul ne peut renoncer.")  # fmt: skip
EXCLUSIVES = N_("Une exclusivité, un secteur ou un quota rapprochent le contrat d'une agence commerciale ou d'un emploi. Un apporteur reste libre de recommander qui il veut, quand il veut.")  # fmt: skip
ORDERS = N_("Des horaires, des ordres, une hiérarchie ou un salaire sont les signes d'un contrat de travail : le juge peut requalifier, avec rappel de salaires et de cotisations.")  # fmt: skip
RAILS = (
    Rail("negotiates", MANDATES, AGENCY, _words(r"n[ée]goci(?:er|e|ent|era|eront|ant)\b"), is_noun=False),
    Rail("negotiation", MANDATES, AGENCY, _words(r"n[ée]gociations?\b", r"n[ée]gociateur", r"agents? commercia(?:l|ux)\b", r"mandataires?\b(?! socia)", r"repr[ée]sentant de l['’]entreprise", r"mandat (?:permanent|de (?:conclure|vendre|n[ée]gocier|la repr[ée]senter|repr[ée]senter))")),
    Rail("concludes", MANDATES, AGENCY, _words(r"(?:conclu[rt]e?|conclut|signer?|engager?) (?:[^.;]{0,40} )?(?:au nom|pour le compte) de l['’]entreprise", r"(?:fixe|fixer|accorde|accorder|consent|consentir) (?:les |des |ses |un |une )?(?:prix|remises?|rabais|tarifs?)\b"), is_noun=False),
    Rail("exclusive", EXCLUSIVES, AGENCY, _words(r"exclusivit[ée]s?\b", r"exclusi(?:f|ve|fs|ves|vement)\b", r"secteurs? (?:g[ée]ographiques?|r[ée]serv[ée]s?|attribu[ée]s?|prot[ée]g[ée]s?)", r"zones? (?:r[ée]serv[ée]es?|attribu[ée]es?|prot[ée]g[ée]es?)", r"non[- ]concurrence")),
    Rail("quota", EXCLUSIVES, EMPLOYMENT, _words(r"quotas?\b", r"objectifs? (?:impos|minimu|minima|de vente|chiffr|mensuel|annuel|trimestriel|fix[ée]|à atteindre)", r"objectifs?\b(?= (?:lui |leur )?(?:est|sont|sera|seront) )", r"chiffre d['’]affaires (?:minimum|minimal|à atteindre)", r"nombre minimum de recommandations")),
    Rail("orders", ORDERS, EMPLOYMENT, _words(r"horaires?\b", r"hi[ée]rarchi", r"subordination\b", r"subordonn[ée]e? (?:à l['’]entreprise|au)", r"directives?\b", r"instructions?\b", r"p[ée]riode d['’]essai", r"cong[ée]s (?:pay[ée]s|annuels)", r"bulletins? de (?:paie|salaire)", r"sanctions? disciplinaires?", r"pr[ée]sence obligatoire", r"(?:comptes?[- ]rendus?|rapports?) (?:d['’]activit[ée]|hebdomadaires?|mensuels?|obligatoires?)", r"lien d['’]emploi", r"lien de travail", r"temps (?:plein|partiel)\b")),
    Rail("salary", ORDERS, EMPLOYMENT, _words(r"(?<!traitements et )salaires?\b(?! minimum)", r"r[ée]mun[ée]ration fixe", r"commission minimale garantie")),
    Rail("joining_fee", N_("Un droit d'entrée ou une rémunération pour avoir recruté d'autres apporteurs est interdit : les gains viennent des affaires seulement."), "C. conso. L121-15", _words(r"droits? d['’]entr[ée]e", r"frais d['’](?:adh[ée]sion|inscription)", r"recrut(?:er|e|ent|ement) (?:[^.;,]{0,30} )?apporteurs?", r"parrainage d['’]apporteurs?")),
    Rail("public_buyer", N_("Recommander à un acheteur public expose à la corruption et au trafic d'influence : ces recommandations ne sont jamais rémunérées."), PUBLIC_AGENTS, _words(r"acheteurs? publics?\b", r"march[ée]s publics?\b", r"agents? publics?\b", r"collectivit[ée]s? (?:territoriales?|locales?|publiques?)"), blocks=True),
    Rail("real_estate", N_("Participer habituellement à des opérations immobilières demande une carte professionnelle. Un simple indicateur reste occasionnel et ne transmet qu'une information ; sinon, ni validité ni commission."), "loi n° 70-9 du 2 janvier 1970, art. 1 et 14", _words(r"immobili(?:er|ers|ère|ères)\b", r"loi hoguet", r"mandats? de vente", r"compromis de vente", r"agences? immobili"), is_trade=True),
    Rail("insurance", N_("Présenter une assurance demande d'être inscrit à l'ORIAS. Un indicateur se borne à mettre en relation ; une commission d'apport peut alors lui être rétrocédée."), "C. ass. R511-3 III", _words(r"assurances?\b(?! (?:qualité|que))", r"assureurs?\b", r"mutuelles?\b", r"courtiers?\b", r"courtage\b", r"\bORIAS\b"), is_trade=True),
    Rail("credit", N_("Le crédit et les services de paiement sont un monopole. Un indicateur se limite à signaler un nom et un contact, sans conseil ni montage de dossier."), "CMF L519-1, R519-1, R519-2", _words(r"cr[ée]dits?\b(?! d['’]imp[ôo]t)", r"pr[êe]ts? (?:immobiliers?|bancaires?|personnels?)", r"\bIOBSP\b", r"rachat de cr[ée]dits?"), is_trade=True),
    Rail("investment", N_("Placements, conseil en investissement et cryptoactifs : rémunérer une recommandation y est limité ou interdit."), "CMF L541-1, L54-10-2 ; règlement (UE) 2023/1114", _words(r"placements?\b(?: financiers?)?", r"investissements?\b", r"crypto", r"bitcoins?\b", r"gestion de patrimoine", r"d[ée]fiscalisation", r"bourse\b"), is_trade=True),
    Rail("law_and_accounts", N_("Les règles des professions du droit et du chiffre limitent ou interdisent de payer une recommandation."), "ord. n° 45-2138 du 19 septembre 1945, art. 22 et 24 ; règles déontologiques", _words(r"(?<!son )(?<!votre )(?<!ses )avocats?\b", r"notaires?\b", r"commissaires? de justice", r"(?<!son )(?<!ses )experts?[- ]comptables?\b", r"expertise comptable", r"commissaires? aux comptes", r"conseil juridique"), is_trade=True),
    Rail("health", N_("Dans la santé, un avantage lié à une recommandation de patient ou de produit est interdit ou très encadré."), "CSP L1453-3 et suivants", _words(r"sant[ée]\b", r"m[ée]decins?\b", r"patients?\b", r"pharmac", r"chirurg", r"m[ée]dica(?:l|le|les|ux|ments?)\b", r"dentistes?\b", r"[ée]tablissements? de soins"), is_trade=True),
    Rail("energy", N_("Rénovation énergétique : le démarchage par téléphone est interdit. Le prospect demande lui-même à être rappelé."), "C. conso. L223-1 ; loi n° 2025-594 du 30 juin 2025", _words(r"r[ée]novation [ée]nerg[ée]tique", r"pompes? à chaleur", r"panneaux solaires", r"photovolta", r"isolation (?:thermique|des combles)", r"adaptation (?:du|de) logement"), is_trade=True),
)  # fmt: skip
TRADES = {rail.code: rail for rail in RAILS if rail.is_trade}
TRADE_LABELS = {
    "": N_("Aucun de ces métiers"),
    "real_estate": N_("Immobilier"),
    "insurance": N_("Assurance"),
    "credit": N_("Crédit et services de paiement"),
    "investment": N_("Placements et cryptoactifs"),
    "law_and_accounts": N_("Droit et chiffre"),
    "health": N_("Santé"),
    "energy": N_("Rénovation énergétique"),
}

DENIAL = re.compile(
    r"\bn['’]|\bne\b|\bni\b|\bnon\b(?!-)|\baucune?s?\b|\bjamais\b|\bsans\b|\bpas\b|\bnul(?:le)?\b|\bhors\b|\binterdi", re.IGNORECASE
)  # fmt: skip
OF_THE_VERB = re.compile(r"\bn['’]|\bne\b|\binterdit|\bexclue?s?\b", re.IGNORECASE)
CLAUSES = re.compile(
    r"[.;:!?()«»–—]|,?\s(?:mais|toutefois|cependant|sauf|en revanche|néanmoins)\s", re.IGNORECASE
)
GROUPS = re.compile(r",|\s(?:et|puis)\s(?=(?:il|elle|lui|l['’]apporteur|s['’]|se)\b)", re.IGNORECASE)
# A clause about the trades that the law keeps names them all, to hold back whoever is in one.
ON_KEPT_TRADES = re.compile(r"que la loi réserve|activité réglementée|métiers réglementés", re.IGNORECASE)
SHORT_GROUP = 5
PREPOSITION = re.compile(r"\s*(?:à|au|aux|de|du|des|par|pour|avec|auprès|dans|envers)\b", re.IGNORECASE)
ANOTHER_VERB = re.compile(r"\s(?:et|ou|puis)\s", re.IGNORECASE)


def warnings_in(text: str) -> tuple[Warned, ...]:
    """Of a text as its author writes it, line by line; each rail once, where it shows first."""
    found: dict[str, Warned] = {}
    for number, line, denied in _lines(text):
        for warned in _in_line(line, number, denied):
            found.setdefault(warned.rail.code, warned)
    return tuple(sorted(found.values(), key=lambda warned: (not warned.rail.blocks, warned.line)))


def warnings_about(names: Iterable[str], trade: str = "") -> tuple[Warned, ...]:
    """Of a programme by its names, its plans and what they pay for, and by the trade that the company says it is in."""
    own = {trade: Warned(TRADES[trade], 0, "")} if trade in TRADES else {}
    named = {
        warned.rail.code: Warned(warned.rail, 0, warned.words)
        for name in names
        for warned in warnings_in(name)
    }
    return tuple((named | own).values())


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each line that is read, and whether the one that introduces its list denies what is listed."""
    denied = False
    for number, written in enumerate(text.split("\n"), start=1):
        line = re.sub(r"\{\{[^{}]*\}\}|\{#[^{}]*\}|\*\*|^#+ ", " ", written).strip()
        if line.startswith("- "):
            yield number, line[2:], denied
        elif line:
            denied = line.endswith(":") and bool(DENIAL.search(line))
            yield number, line, False


def _in_line(line: str, number: int, denied: bool) -> Iterator[Warned]:
    if denied:
        return
    keeps_trades = bool(ON_KEPT_TRADES.search(line))
    for clause in CLAUSES.split(line):
        for group, is_denied in _groups(clause):
            for rail in RAILS:
                if rail.is_trade and keeps_trades:
                    continue
                for match in rail.words.finditer(group):
                    if not _denies(rail, group, match, is_denied):
                        yield Warned(rail, number, match.group().strip())


def _groups(clause: str) -> Iterator[tuple[str, bool]]:
    """The parts between commas; one without a verb goes on with what the one before denied."""
    before = False
    for group in GROUPS.split(clause):
        goes_on = before and (len(group.split()) <= SHORT_GROUP or bool(PREPOSITION.match(group)))
        yield group, goes_on
        before = bool(DENIAL.search(group)) or goes_on


def _denies(rail: Rail, group: str, match: re.Match[str], goes_on: bool) -> bool:
    said = group[: match.end()]
    if not rail.is_noun and not said.endswith("er"):
        said = ANOTHER_VERB.split(said)[-1]
    return bool(DENIAL.search(said) or OF_THE_VERB.search(group[match.end() :]) or (goes_on and rail.is_noun))
