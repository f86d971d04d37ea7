"""The holder of an account beside the party of the contract. Pure."""

from enum import StrEnum

from portal.kit.rows import Row
from portal.kit.text import N_
from portal.referrers.banking_rules import parties_of, same_name, words_of


class Result(StrEnum):
    """As a bank answers a verification of payee."""

    MATCH = "match"
    CLOSE = "close"
    NONE = "none"
    IMPOSSIBLE = "impossible"


class Decision(StrEnum):
    NOT_NEEDED = ""
    PAY = "pay"
    HOLD = "hold"


RESULTS = {
    Result.MATCH: N_("Les noms concordent"),
    Result.CLOSE: N_("Les noms se ressemblent"),
    Result.NONE: N_("Les noms ne concordent pas"),
    Result.IMPOSSIBLE: N_("Vérification impossible"),
}
RESULT_TONES = {Result.MATCH: "good", Result.CLOSE: "wait", Result.NONE: "bad", Result.IMPOSSIBLE: "wait"}
DECISIONS = {Decision.PAY: N_("Payer quand même"), Decision.HOLD: N_("Ne pas payer")}


def compared(holder: str, party: str) -> Result:
    """Word for word whatever their order, accents and titles aside; then as a reader would."""
    typed, wanted = words_of(holder), words_of(party)
    if not typed or not wanted:
        return Result.IMPOSSIBLE
    if sorted(typed) == sorted(wanted):
        return Result.MATCH
    return Result.CLOSE if same_name(holder, party) else Result.NONE


def result_of(bank: Row) -> Result:
    """`bank` with the names of its referrer."""
    best = (compared(bank["holder"], party) for party in parties_of(bank))
    return min(best, key=list(Result).index)


def is_held(bank: Row | None) -> bool:
    """Whether nothing goes to this account before somebody decides; `bank` with its `checks`, in order. What finance vouched
    for was decided then; the last word on what the portal found, and on what the bank answered, rules since."""
    if bank is None:
        return False
    latest = {check["source"]: check for check in bank["checks"]}
    if any(check["decision"] == Decision.HOLD for check in latest.values()):
        return True
    return result_of(bank) is not Result.MATCH and bank["vouched_by"] is None and "portal" not in latest
