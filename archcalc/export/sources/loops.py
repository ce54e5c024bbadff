"""Repetitions as loops: the same part again and again, with channels that stay, grow evenly or change once."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from archcalc.export.sources import nodes
from archcalc.export.sources.calls import arguments_for, channels_after, substituted
from archcalc.export.sources.expressions import ATOM, Expr, binary, choice, literal
from archcalc.export.sources.scope import VariesError
from archcalc.language.model import OperationItem

if TYPE_CHECKING:
    from archcalc.export.sources.backend import PartBuilder
    from archcalc.export.sources.parts import Part, Value
    from archcalc.export.sources.trace import Step
    from archcalc.language.model import Item

FIRST = Expr("i", ATOM, lambda step: step.index - 1)
"""The number of a repetition, from 0."""


def loop(builder: PartBuilder, item: Item, runs: list[Any], steps: list[list[Step]], flow: Any) -> Value:
    """Add a repetition as a loop; raise VariesError where its turns differ in more than a formula says."""
    view = [step for each in steps for step in each]
    counts = {id(run): len(each) for run, each in zip(runs, steps, strict=True)}
    if isinstance(item, OperationItem) or view[0].called is None or view[0].owner is not None:
        raise VariesError("operation")
    if any(step.times != 1 or step.survival != 1 for step in view):
        raise VariesError("survival")
    part = builder.builder.part_of([step.called for step in view if step.called is not None])
    if part.outer:
        raise VariesError("input")
    value = builder.sources(item, [each[0] for each in steps if each], flow)[0]
    count = _count(builder, item, runs, counts, flow)
    builder.scope.loop = True
    channels = _channels_inside(builder, item, part, view, value)
    arguments = arguments_for(builder, item, part, view, value, channels)
    after = channels_after(builder, part, view, arguments, value)
    builder.scope.loop = False
    out = builder.backend.loop(builder, part, view, arguments, value, count)
    ends = {id(run): each[-1].out if each else at for run, each, at in zip(runs, steps, flow.positions, strict=True)}
    result = out._replace(channels=_channels_behind(builder, runs, ends, view, [value.channels, after], value, count))
    for each in steps:
        if each:
            builder.lookup.define([each[-1]], result)
    return result


def _count(builder: PartBuilder, item: Item, runs: list[Any], counts: dict[int, int], flow: Any) -> Expr:
    """Return how often the loop runs; no turns where a condition leaves it out."""

    def known(run: Any) -> int:
        return counts[id(run)]

    node, when = nodes.modifier(item, "repeat"), nodes.modifier(item, "when")
    made = builder.scope.translated(node, runs, flow.value.channels)
    test = builder.scope.translated(when, runs, flow.value.channels)
    if made is not None and test is not None:
        made = choice(test, made, literal(0))
    if made is not None and made.holds(runs, known):
        return made
    return builder.scope.expr("count", None, known, runs)


def _channels_inside(builder: PartBuilder, item: Item, part: Part, view: list[Step], value: Value) -> Expr | None:
    """Return the channels at the beginning of a turn."""

    def known(step: Step) -> int:
        return builder.shape(step.sources[0]).channels

    first = value.channels
    if first is None or first.holds(view, known):
        return first
    grown = _growth(builder, view)
    if grown is not None:
        made = binary(ast.Add, first, binary(ast.Mult, FIRST, grown))
        if made.holds(view, known):
            return made
    later = [step for step in view if step.index != 1]
    arguments = arguments_for(builder, item, part, later, value, but="in_channels")
    behind = substituted(part, arguments, later)
    behind = behind if behind is not None and behind.holds(later, known) else builder.first([], later, known)
    if behind is None:
        raise VariesError("channels")
    test = Expr("i == 0", 4, lambda step: step.index == 1)
    return choice(test, first, behind)


def _growth(builder: PartBuilder, view: list[Step]) -> Expr | None:
    """Return how many channels each turn adds: a number, or an argument of the part around it."""

    def known(step: Step) -> int:
        return builder.shape(step.out).channels - builder.shape(step.sources[0]).channels

    names = [builder.scope.name(name, view, None) for name in builder.scope.arguments]
    return builder.first([*names], view, known)


def _channels_behind(
    builder: PartBuilder,
    runs: list[Any],
    ends: dict[int, int],
    view: list[Step],
    offers: list[Expr | None],
    value: Value,
    count: Expr,
) -> Expr | None:
    """Return the channels behind the last turn."""
    grown = _growth(builder, view)
    if grown is not None and value.channels is not None:
        offers = [*offers, binary(ast.Add, value.channels, binary(ast.Mult, count, grown))]
    plain = [offer for offer in offers if offer is not None and not re.search(r"\b(i|index)\b", offer.text)]
    return builder.first([*plain], runs, lambda run: builder.shape(ends[id(run)]).channels)
