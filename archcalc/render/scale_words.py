"""What the page of ``scale`` says in words: how it scales, by which arguments, and what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.scaling.dimensions import DEPTH, MULTIPLE, RESOLUTION, WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.analyses.scaling.compound import Published, Scaled, Scaling
    from archcalc.analyses.scaling.dimensions import Dimension

_LETTERS = {WIDTH: "beta", DEPTH: "alpha", RESOLUTION: "gamma"}

SPREAD = 0.1
"""How far apart the phi of the dimensions of a network may be that is still called scaled by one phi."""


def formula_note(scaling: Scaling) -> str:
    """Say what a step of phi does."""
    factors = scaling.factors
    work = units.decimal(factors.work(scaling.scaled_dimensions))
    terms = {DEPTH: "alpha", WIDTH: "beta²", RESOLUTION: "gamma²"}
    product = "·".join(terms[name] for name in (DEPTH, WIDTH, RESOLUTION) if name in scaling.scaled_dimensions)
    return (
        f"Tan & Le 2019, equation 3: depth by {units.decimal(factors.alpha)}^phi (alpha), width by "
        f"{units.decimal(factors.beta)}^phi (beta), resolution by {units.decimal(factors.gamma)}^phi (gamma); work "
        f"grows by about {product} = {work} for each step, but for what is rounded."
    )


def dimension_notes(scaling: Scaling) -> Iterator[str]:
    """Say which arguments are the width, depth and resolution."""
    parts = []
    for name, dimension in scaling.dimensions.items():
        if dimension.own:
            parts.append(f"{name}: {', '.join(_stepped(dimension, word) for word in dimension.own)}")
        else:
            parts.append(f"{name}: nothing that is known as such; name it with --{name} ARG")
    yield f"Of {scaling.base.spec.name}, {'; '.join(parts)}."


def _stepped(dimension: Dimension, word: str) -> str:
    """Name an argument, with the distance of its values where it is not the usual one."""
    step = dimension.steps.get(word, 1)
    return word if step in (1, MULTIPLE) else f"{word} (in steps of {step})"


def published_notes(scaling: Scaling, rows: Sequence[Scaled], others: Sequence[Published]) -> Iterator[str]:
    """Say that what is published is not scaled by one phi, and what of it is the same as some phi."""
    apart = [each for each in others if _spread(each) > SPREAD]
    letters = ", ".join(f"log {name} to the base {_LETTERS[name]}" for name in scaling.scaled_dimensions)
    yield f"phi by each dimension: {letters}, each relative to {scaling.base.spec.name}."
    if apart:
        yield (
            f"The published networks are not phi = 1, 2, 3 ...: {', '.join(each.name for each in apart)} have a phi of "
            "their own in each dimension. Their makers chose rounded factors for each network, not one phi for all."
        )
    for row in rows:
        names = [each.name for each in others if row.phi and _same_params(row, each)]
        if names:
            same = f"the parameters of {' and '.join(names)}{_input(row, others, names)}"
            yield f"phi = {units.decimal(row.phi)} has {same}."


def _spread(each: Published) -> float:
    known = [phi for phi in each.phis.values() if phi is not None]
    return max(known, default=0) - min(known, default=0)


def _same_params(row: Scaled, each: Published) -> bool:
    return row.quantities is not None and row.quantities["params"] == each.quantities["params"]


def _input(row: Scaled, others: Sequence[Published], names: Sequence[str]) -> str:
    """Say at which other resolution the published network is."""
    other: Any = next(each for each in others if each.name == names[0])
    differing = [
        f"{argument} {row.arguments[argument]} instead of {value}"
        for argument, value in other.arguments.items()
        if value.__class__ is int and row.arguments[argument] != value and argument in (RESOLUTION, "input")
    ]
    return f", at {differing[0]}" if differing else ""
