"""From parts to amounts, in the order of the contract: minimum, per event, per deal, split, per calendar year.

A limit always wins; what it cuts is lost, not passed on."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from msgspec import Struct

from portal.kit.money import allocate, round_half_away
from portal.plans.rules.compiled import CompiledPlan
from portal.plans.rules.earning import Step
from portal.plans.rules.state import Deal, State
from portal.plans.rules.view import Exact, Part


class Award(Struct):
    """What one rule pays one referrer, in the plan's unit; `room` is the same before the yearly limit."""

    referrer: str
    rule: str
    parts: list[Part]
    amount: int
    room: int
    steps: list[Step]


def settle(compiled: CompiledPlan, state: State, deal: Deal, year: str, parts: list[Part]) -> list[Award]:
    whole, cuts = limited(compiled, deal, whole_of(compiled, parts))
    deal.used += whole
    mine = {referrer: [p for p in parts if p.referrer == referrer] for referrer in deal.shares}
    shares = _over(whole, [mine[referrer] for referrer in deal.shares])
    awards = []
    for referrer, share in zip(deal.shares, shares, strict=True):
        steps = cuts + _share_step(deal, referrer, share)
        awards += _by_rule(compiled, state, year, mine[referrer], share, steps)
    return awards


def whole_of(compiled: CompiledPlan, parts: list[Part]) -> int:
    """In cents one rounding per step (line, rule, band), however many share it; in points one per event."""
    if compiled.plan.unit == "POINT":
        return round_half_away(Fraction(sum(part.owed for part in parts), compiled.cents_per_unit))
    steps: dict[tuple, Exact] = {}
    for part in parts:
        key = (part.rule, part.line, part.band)
        steps[key] = steps[key] + part.owed if key in steps else part.owed
    return sum(map(round_half_away, steps.values()))


def limited(compiled: CompiledPlan, deal: Deal, whole: int) -> tuple[int, list[Step]]:
    """An event that earns something earns at least the minimum; then the two limits of the whole."""
    limits, scale, steps = compiled.plan.limits, compiled.cents_per_unit, []
    if whole and limits.minimum and whole * scale < limits.minimum:
        raised = limits.minimum // scale
        steps.append(Step("minimum", before=whole, amount=raised))
        whole = raised
    rooms = {"per_event": limits.per_event, "per_deal": limits.per_deal}
    for name, most in rooms.items():
        if most is None:
            continue
        room = max(0, most // scale - (deal.used if name == "per_deal" else 0))
        if whole > room:
            steps.append(Step("limit", limit=name, before=whole, amount=room))
            whole = room
    return whole, steps


def _over(whole: int, groups: list[list[Part]]) -> list[int]:
    """In proportion to what each group of parts earned exactly; one alone has it all, without reckoning."""
    if len(groups) == 1:
        return [whole]
    return _split(whole, [sum(part.owed for part in group) for group in groups])


def _as_shown(compiled: CompiledPlan, groups: list[list[Part]]) -> Sequence[Exact]:
    """What the steps of each rule say, so that they sum to its amount; in points nothing is rounded but the whole."""
    exact = [sum(part.owed for part in group) for group in groups]
    if compiled.plan.unit == "POINT":
        return exact
    shown = [sum(round_half_away(part.owed) for part in group) for group in groups]
    return shown if any(shown) else exact


def _split(whole: int, weights: Sequence[Exact]) -> list[int]:
    return allocate(whole, weights) if any(weights) else [0] * len(weights)


def _share_step(deal: Deal, referrer: str, amount: int) -> list[Step]:
    if len(deal.shares) == 1:
        return []
    return [Step("share", share=deal.shares[referrer], of_shares=sum(deal.shares.values()), amount=amount)]


def _by_rule(
    compiled: CompiledPlan, state: State, year: str, parts: list[Part], share: int, steps: list[Step]
) -> list[Award]:
    rules = list(dict.fromkeys(part.rule for part in parts))
    mine = [[part for part in parts if part.rule == rule] for rule in rules]
    paid, cut = _within_year(compiled, state, parts, year, share)
    rooms = [share] if len(mine) == 1 else _split(share, _as_shown(compiled, mine))
    amounts = _split(paid, rooms)
    return [
        Award(group[0].referrer, rule, group, amount, room, [*map(explained(compiled), group), *steps, *cut])
        for rule, group, amount, room in zip(rules, mine, amounts, rooms, strict=True)
    ]


def _within_year(
    compiled: CompiledPlan, state: State, parts: list[Part], year: str, share: int
) -> tuple[int, list[Step]]:
    """The yearly limit is each referrer's own, over all deals; what it cuts enriches nobody."""
    if not parts:
        return 0, []
    years = state.referrer(parts[0].referrer).years
    most = compiled.plan.limits.per_calendar_year
    room = share if most is None else max(0, most // compiled.cents_per_unit - years.get(year, 0))
    paid = min(share, room)
    years[year] = years.get(year, 0) + paid
    cut = (
        [Step("limit", limit="per_calendar_year", period=year, before=share, amount=paid)]
        if paid < share
        else []
    )
    return paid, cut


def explained(compiled: CompiledPlan) -> Callable[[Part], Step]:
    scale = compiled.cents_per_unit

    def step(part: Part) -> Step:
        return Step(
            part.what,
            rule=part.rule,
            line=part.line,
            band=part.band,
            base=round_half_away(part.base),
            rate=part.rate,
            quantity=part.quantity,
            period=part.period,
            before=part.before,
            amount=round_half_away(part.amount if scale == 1 else Fraction(part.amount, scale)),
        )

    return step
