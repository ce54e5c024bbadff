"""Holding published figures against the networks they speak of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.conventions.convention import find
from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import RequestError, SpecError
from archcalc.language.networks import input_size, with_values
from archcalc.limits import MAX_LOOKED
from archcalc.published.expect import expectations, holds
from archcalc.published.figures import Figure, figures
from archcalc.published.quantities import QUANTITIES, Part, in_values
from archcalc.published.sources import missing
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report
    from archcalc.language.networks import NetworkSpec

    Reports = dict[tuple[Any, ...], Report]
    """The reports of a network, by the arguments, the input and the branches that figures are of."""

AGREES, CUT, MISPRINT, UNEXPECTED, DIFFERS, MEASURED = "agrees", "cut", "misprint", "news", "differs", "measured"
EXPECTED, BROKEN = "expected", "broken"
STATUSES = (AGREES, CUT, MISPRINT, UNEXPECTED, DIFFERS, MEASURED, EXPECTED, BROKEN)
FAILURES = (UNEXPECTED, DIFFERS, BROKEN)
SEVERAL_NETWORKS, NO_NETWORK = "several networks", "no network"
"""What findings of claims, and of figures of no network, are called instead of a network."""


class Finding(NamedTuple):
    """A figure, what follows from the network, and what that makes of the figure.

    ``status`` is agrees (rounded to the printed digits), cut (cut off to them), misprint (known not to follow),
    news (a misprint that agrees after all), differs, or measured (never checked). What a spec expects of itself is
    expected (it holds) or broken. ``computed`` is exact: an int, or a shape as a tuple; None for what is measured.
    """

    network: str
    figure: Figure
    status: str
    computed: Any

    @property
    def fails(self) -> bool:
        """Whether a check with this finding fails."""
        return self.status in FAILURES


def check(spec: NetworkSpec, reports: Reports | None = None, convention: Convention | None = None) -> list[Finding]:
    """Hold every figure and expectation of a network against it.

    Raise SpecError for those that cannot be read, and for figures that speak of no such layer or source. The reports
    that it takes are kept in ``reports``, for those who have more to ask of the network. Figures without a convention
    of their own are counted by ``convention``.
    """
    reports = {} if reports is None else reports
    findings: list[Finding] = []
    every = figures(spec)
    mistakes = missing(spec, every)
    try:
        every = (*every, *expectations(spec))
    except SpecError as error:
        mistakes.extend(error.mistakes)
    looked = 0
    for figure in every:
        try:
            findings.append(_check(spec, _under(figure, convention), reports, convention))
        except NodeError as wrong:
            mistakes.append(wrong.mistake)
        looked += max((len(report.layers) for report in reports.values()), default=0)
        if looked > MAX_LOOKED:
            many = NodeError(figure.node, f"figures that have to be looked up in more than {MAX_LOOKED:,} layers")
            raise spec.family.source.error([*mistakes, many.mistake])
    if mistakes:
        raise spec.family.source.error(mistakes)
    return findings


_COUNTED = {
    "work": ("macs", "macs_share"),
    "params": ("params", "params_share", "model_size", "params_and_memory"),
    "memory": ("memory", "params_and_memory"),
}
"""What a convention counts to the quantities of figures that depend on it."""


def _under(figure: Figure, convention: Convention | None) -> Figure:
    """Return a figure as counted by a convention, where it has none of its own and depends on one."""
    if convention is None or figure.convention is not None or figure.bound:
        return figure
    return figure._replace(convention=convention.name) if depends(figure, convention) else figure


def depends(figure: Figure, convention: Convention) -> bool:
    """Whether a convention has a rule for the quantity of a figure."""
    return any(figure.quantity in _COUNTED[subject] for subject in convention.subjects)


def _check(spec: NetworkSpec, figure: Figure, reports: Reports, convention: Convention | None) -> Finding:
    if figure.measured:
        return Finding(spec.name, figure, MEASURED, None)
    computed = compute(spec, figure, reports, convention)
    if figure.bound:
        return Finding(spec.name, figure, EXPECTED if holds(figure, computed) else BROKEN, computed)
    agreement = _agreement(figure, computed)
    if figure.misprint:
        return Finding(spec.name, figure, UNEXPECTED if agreement else MISPRINT, computed)
    return Finding(spec.name, figure, {"rounded": AGREES, "cut": CUT, "": DIFFERS}[agreement], computed)


def compute(spec: NetworkSpec, figure: Figure, reports: Reports, asked: Convention | None = None) -> Any:
    """Return what the network has where the figure was printed, counted as the figure was, or as it was ``asked``."""
    key = (*figure.set.items(), figure.input, figure.training)
    report = reports.get(key)
    if report is None:
        report = reports[key] = _report(spec, figure)
    convention = asked if asked is not None and figure.convention == asked.name else None
    if figure.convention is not None and convention is None:
        try:
            convention = find(figure.convention)
        except RequestError as error:
            raise NodeError(figure.node, str(error)) from None
    part = Part(report, _layers(report, figure), convention, figure.bias, figure.norm, figure.buffers)
    quantity = QUANTITIES[figure.quantity]
    of_values = figure.unit == "values" and quantity.kind == "bytes"
    function = in_values(figure.quantity) if of_values else quantity.compute
    assert function is not None
    try:
        return function(part)
    except (AttributeError, IndexError, ZeroDivisionError):  # no such setting, no input, nothing to have a share of
        raise NodeError(figure.node, f"{' '.join(figure.at or (spec.name,))} has no {figure.quantity}") from None


def _report(spec: NetworkSpec, figure: Figure) -> Report:
    try:
        chosen = with_values(spec, figure.set)
        return count(expand(chosen, input_size(figure.input)), setup(), training=figure.training)
    except RequestError as error:
        raise NodeError(figure.node, str(error)) from None


def _layers(report: Report, figure: Figure) -> Sequence[Layer]:
    if figure.at is None:
        return report.layers
    try:
        layers = {layer.position: layer for path in figure.at for layer in report.find(path)}
    except RequestError as error:
        raise NodeError(figure.node, str(error)) from None
    return [layers[position] for position in sorted(layers)]


def _agreement(figure: Figure, computed: Any) -> str:
    """Say whether a figure agrees: ``rounded``, ``cut``, or not at all."""
    if QUANTITIES[figure.quantity].kind == "shape":
        return "rounded" if _same_shape(figure, tuple(computed)) else ""
    assert figure.value is not None
    if isinstance(computed, tuple | str):  # a kernel of two sizes, or padding that is 'same'
        return ""
    return figure.value.agrees(computed)


def _same_shape(figure: Figure, computed: tuple[int, ...]) -> bool:
    printed = tuple(int(number) for number in re.findall(r"[0-9]+", figure.printed.replace(",", "")))
    if len(printed) == 3 and figure.order == "hwc":
        printed = (printed[2], printed[0], printed[1])
    if len(printed) == 2:
        return printed in (computed, computed[1:])
    if len(printed) == 1:
        return computed == (printed[0], 1, 1)
    return printed == computed
