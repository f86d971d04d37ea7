"""Pay by bands: marginal, whole, retroactive; by base or by number of deals; over a period.

Year and lifetime tiers count the referrer's share of the base, event and deal tiers the whole."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from portal.kit.days import add_months, completed_months
from portal.kit.money import allocate, round_half_away
from portal.plans.rules.compiled import CompiledPlan, CompiledRule
from portal.plans.rules.language import HUNDRED_PERCENT, Band, Tiers
from portal.plans.rules.state import Counted, Counter, Deal, State, counter
from portal.plans.rules.view import Exact, Part, View, line_base

WITHIN_DEAL = ("event", "deal")


def _contract_year(view: View) -> str:
    since = view.deal.contracts[view.referrer]
    years = completed_months(since, view.occurrence.day) // 12
    return add_months(since, 12 * years).isoformat()


PERIODS: dict[str, Callable[[View], str]] = {
    "event": lambda view: view.occurrence.id,
    "deal": lambda view: "deal",
    "calendar_year": lambda view: str(view.occurrence.day.year),
    "contract_year": _contract_year,
    "lifetime": lambda view: "lifetime",
}


def counter_of(state: State, deal: Deal, tiers: Tiers, referrer: str, period: str, rule: str) -> Counter:
    if tiers.period in WITHIN_DEAL:
        return counter(deal.counters, referrer, period, rule)
    return counter(state.referrer(referrer).counters, period, rule)


def owed_by_tiers(view: View, rule: CompiledRule[Tiers], lines: list[int]) -> list[Part]:
    return TIER_MODES[rule.pay.mode](view, rule, lines)


def _marginal(view: View, rule: CompiledRule[Tiers], lines: list[int]) -> list[Part]:
    reached, parts = _counter(view, rule).base, []
    for line in view.covered(lines):
        base = view.base_of(line) * _share_of_base(view, rule.pay)
        parts += [
            _part(view, rule, line, band, piece) for band, piece in slices(rule.pay.bands, reached, base)
        ]
        reached += base
    return parts


def _whole(view: View, rule: CompiledRule[Tiers], lines: list[int]) -> list[Part]:
    band = band_at(rule.pay.bands, _reached(view, rule, lines))
    bases = [(line, view.base_of(line) * _share_of_base(view, rule.pay)) for line in view.covered(lines)]
    return [_part(view, rule, line, band, base) for line, base in bases if band and base]


def _retroactive(view: View, rule: CompiledRule[Tiers], lines: list[int]) -> list[Part]:
    """The new total of the period minus the old."""
    counted, base = _counter(view, rule), counted_base(view, rule, lines)
    if not base:
        return []
    deals = counted.deals + is_new_deal(view, rule)
    old = total(view.compiled, rule.pay, counted.base, counted.deals)
    new = total(view.compiled, rule.pay, counted.base + base, deals)
    band = band_at(rule.pay.bands, _measured(rule.pay, counted.base + base, deals))
    scale = view.compiled.cents_per_unit
    return [
        Part(
            referrer=view.referrer,
            rule=rule.key,
            what="retroactive",
            amount=(new - old) * scale,
            base=base,
            share=view.share if rule.pay.period in WITHIN_DEAL else 1,
            band=band and band.start,
            rate=band and band.rate,
            period=period_of(view, rule),
            before=old,
        )
    ]


TIER_MODES = {"marginal": _marginal, "whole": _whole, "retroactive": _retroactive}


def _part(view: View, rule: CompiledRule[Tiers], line: int, band: Band, base: Exact) -> Part:
    return Part(
        referrer=view.referrer,
        rule=rule.key,
        what="tiers",
        amount=Fraction(base * band.rate, HUNDRED_PERCENT),
        base=base,
        share=view.share if rule.pay.period in WITHIN_DEAL else 1,
        line=line,
        band=band.start,
        rate=band.rate,
        period=period_of(view, rule),
    )


def slices(bands: tuple[Band, ...], start: Exact, length: Exact) -> Iterator[tuple[Band, Exact]]:
    """The pieces of [start, start + length) in each band; what lies below the first band is in none."""
    end = start + length
    ends = [band.start for band in bands[1:]] + [None]
    for band, band_end in zip(bands, ends, strict=True):
        piece = (end if band_end is None else min(end, band_end)) - max(start, band.start)
        if piece > 0:
            yield band, piece


def band_at(bands: tuple[Band, ...], reached: Exact) -> Band | None:
    """A band starts at its `from`: at exactly 10 000 the upper one applies."""
    return next((band for band in reversed(bands) if band.start <= reached), None)


def total(compiled: CompiledPlan, tiers: Tiers, base: int, deals: int) -> int:
    """What a whole period earns at the band reached, in the plan's unit."""
    band = band_at(tiers.bands, _measured(tiers, base, deals))
    if not band:
        return 0
    return round_half_away(Fraction(base * band.rate, HUNDRED_PERCENT * compiled.cents_per_unit))


def _measured(tiers: Tiers, base: Exact, deals: int) -> Exact:
    return deals * 100 if tiers.measure == "deals" else base


def _reached(view: View, rule: CompiledRule[Tiers], lines: list[int]) -> Exact:
    if rule.pay.measure == "deals":
        return _rank(view, rule) * 100
    reached = _counter(view, rule).base + counted_base(view, rule, lines)
    return max(reached, _signed_base(view, lines)) if rule.pay.period == "deal" else reached


def _signed_base(view: View, lines: list[int]) -> Exact:
    """Of the lines that the rule was chosen for, whether this payment pays them or not."""
    signed = [view.deal.lines[line] for line in lines if view.deal.lines]
    return sum(line_base(view.compiled.plan.base, line, line.net) for line in signed)


def _counter(view: View, rule: CompiledRule[Tiers]) -> Counter:
    return counter_of(view.state, view.deal, rule.pay, view.referrer, period_of(view, rule), rule.key)


def rank_key(referrer: str, rule: CompiledRule[Tiers]) -> str:
    return f"{referrer}|{rule.key}"


def is_new_deal(view: View, rule: CompiledRule[Tiers]) -> bool:
    return rank_key(view.referrer, rule) not in view.deal.ranks


def period_of(view: View, rule: CompiledRule[Tiers]) -> str:
    """By number of deals, a deal stays in the period of its first earning for life."""
    known = view.deal.ranks.get(rank_key(view.referrer, rule))
    return known[1] if known else PERIODS[rule.pay.period](view)


def _rank(view: View, rule: CompiledRule[Tiers]) -> int:
    known = view.deal.ranks.get(rank_key(view.referrer, rule))
    return known[0] if known else _counter(view, rule).deals + 1


def _share_of_base(view: View, tiers: Tiers) -> Exact:
    return 1 if tiers.period in WITHIN_DEAL else view.share


def counted_base(view: View, rule: CompiledRule[Tiers], lines: list[int]) -> int:
    """What the event adds to the cumulative, in whole cents; the shares of a year add up to the base."""
    base = round_half_away(sum(view.base_of(line) for line in view.covered(lines)))
    if rule.pay.period in WITHIN_DEAL or len(view.deal.shares) == 1:
        return base
    by_referrer = dict(zip(view.deal.shares, allocate(base, [*view.deal.shares.values()]), strict=True))
    return by_referrer[view.referrer]


def count(view: View, rule: CompiledRule[Tiers], lines: list[int]) -> Counted | None:
    """Add the event to the cumulative, once all parts are computed."""
    base = counted_base(view, rule, lines)
    if not base:
        return None
    period, counted = period_of(view, rule), _counter(view, rule)
    if rule.pay.measure == "deals" and is_new_deal(view, rule):
        counted.deals += 1
        view.deal.ranks[rank_key(view.referrer, rule)] = (counted.deals, period)
    counted.base += base
    return Counted(view.referrer, rule.key, period, base)
