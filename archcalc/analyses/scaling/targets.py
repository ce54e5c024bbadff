"""The phi at which a scaled network comes nearest to a target: macs=1G, params=10M, memory=100MiB."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.outcomes import ALWAYS, measure
from archcalc.analyses.scaling.compound import MAX_PHI
from archcalc.analyses.sweep.conditions import amount, wrong_unit
from archcalc.errors import RequestError, printable

if TYPE_CHECKING:
    from archcalc.analyses.scaling.compound import Scaled, Scaling

STEP = Fraction(1, 100)
"""Steps of phi in which a target is approached."""

AROUND = 25
"""Steps on either side of where the target is passed that are tried too: rounding makes small steps back."""


class Target(NamedTuple):
    """A quantity and the value that it should have."""

    word: str
    value: Fraction
    text: str


class Reached(NamedTuple):
    """The nearest network to a target, and the nearest on either side of it, each at its smallest phi."""

    target: Target
    nearest: Scaled
    below: Scaled | None
    above: Scaled | None


def read_target(text: str) -> Target:
    """Read ``macs=1G``; raise RequestError for anything else."""
    name, equals, amount_text = (part.strip() for part in text.partition("="))
    value = amount(amount_text)
    if not equals or value is None or value <= 0:
        raise RequestError(f"--to {printable(text)}: write QUANTITY=AMOUNT, such as macs=1G, params=10M, memory=200MiB")
    word = measure(name)
    if word not in ALWAYS:
        raise RequestError(f"--to {printable(text)}: a target is one of {', '.join(ALWAYS)}")
    wrong = wrong_unit(name, amount_text)
    if wrong:
        raise RequestError(f"--to {printable(text)}: {wrong}")
    return Target(word, value, text.strip())


def reach(scaling: Scaling, target: Target) -> Reached:
    """Find the nearest network to a target, in steps of phi up to MAX_PHI either way."""
    known: dict[int, Scaled] = {}

    def at(step: int) -> Scaled:
        if step not in known:
            known[step] = scaling.at(step * STEP)
        return known[step]

    def value(step: int) -> Any:
        found = at(step).quantities
        return None if found is None else found[target.word]

    passed = _passed(scaling, target, value)
    for step in range(passed - AROUND, passed + AROUND + 1):
        at(step)
    built = sorted((each for each in known.values() if each.quantities is not None), key=lambda each: each.phi)
    below = [each for each in built if _value(each, target) <= target.value]
    above = [each for each in built if _value(each, target) > target.value]
    lower = max(below, key=lambda each: _value(each, target), default=None)
    upper = min(above, key=lambda each: _value(each, target), default=None)
    nearest = min(
        (each for each in (lower, upper) if each is not None),
        key=lambda each: abs(_value(each, target) - target.value),
    )
    return Reached(target, nearest, lower, upper)


def _value(scaled: Scaled, target: Target) -> Any:
    assert scaled.quantities is not None
    return scaled.quantities[target.word]


def _passed(scaling: Scaling, target: Target, value: Any) -> int:
    """Return a step of phi next to which the quantity passes the target."""
    start = value(0)
    if start is None:
        raise RequestError(f"{scaling.base.spec.name} cannot be built: {scaling.at(Fraction(0)).reason}")
    up = 1 if start <= target.value else -1
    inside, distance = 0, int(1 / STEP)
    while True:
        outside = inside + up * distance
        if abs(outside) * STEP > MAX_PHI:
            return inside
        found = value(outside)
        if found is None:  # a size that cannot be built: nearer values may be
            distance //= 2
            if distance == 0:
                return inside
            continue
        if (found > target.value) == (up == 1) and found != target.value:
            break
        inside = outside
    while abs(outside - inside) > 1:
        middle = (inside + outside) // 2
        found = value(middle)
        if found is None:
            return middle
        beyond = (found > target.value) == (up == 1) and found != target.value
        inside, outside = (inside, middle) if beyond else (middle, outside)
    return inside
