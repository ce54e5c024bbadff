"""Checking published figures and expectations against the networks that they describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.conventions.convention import find as find_convention
from archcalc.errors import RequestError, SpecError
from archcalc.language.formula import Scope
from archcalc.limits import MAX_LOOKED
from archcalc.operations.base import Shape
from archcalc.published.expect import expectations, holds
from archcalc.published.figures import figures
from archcalc.published.quantities import QUANTITIES, Part, in_values
from archcalc.published.reports import Reports
from archcalc.published.sources import missing
from archcalc.published.verdicts import (
    BROKEN,
    EXPECTED,
    MEASURED,
    REMARKED,
    UNEXPECTED,
    Finding,
    Tried,
    agreement,
    verdict,
)
from archcalc.text.tree import NodeError
from archcalc.zoo import find

if TYPE_CHECKING:
    from archcalc.conventions.convention import Convention
    from archcalc.language.formula import Formula
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.figure import Figure

_COUNTED = {
    "work": ("macs", "macs_share"),
    "params": ("params", "params_share", "model_size", "params_and_memory"),
    "memory": ("memory", "params_and_memory"),
}
"""What a convention counts, to the quantities of figures that depend on it."""

_NO_SHAPE = Shape(0, 0, 0)


def check(spec: NetworkSpec, reports: Reports | None = None, convention: Convention | None = None) -> list[Finding]:
    """Check every figure and expectation of a network.

    Raise SpecError for those that cannot be read, and for figures of layers or sources that do not exist. Reports
    are taken from ``reports`` and left there. Figures without a convention of their own are counted by ``convention``.
    """
    checker = Checker(Reports() if reports is None else reports, convention)
    findings: list[Finding] = []
    checker.reports.spend(spec, 0)  # a file that has asked for too much is not read again for its next network
    every = figures(spec)
    mistakes = missing(spec, every)
    try:
        every = (*every, *expectations(spec))
    except SpecError as error:
        mistakes.extend(error.mistakes)
    looked = checker.reports.looked
    checker.reports.spend(spec, len(every))
    for figure in every:
        try:
            findings.append(checker.finding(spec, counted_by(figure, convention)))
        except NodeError as error:
            mistakes.append(error.mistake)
        if checker.reports.looked - looked > MAX_LOOKED:
            many = NodeError(figure.node, f"figures that have to be looked up in more than {MAX_LOOKED:,} layers")
            raise spec.family.source.error([*mistakes, many.mistake])
    if mistakes:
        raise spec.family.source.error(mistakes)
    return findings


def counted_by(figure: Figure, convention: Convention | None) -> Figure:
    """Return a figure as counted by a convention, where it has none of its own and depends on one."""
    if convention is None or figure.convention is not None or figure.bound:
        return figure
    return figure._replace(convention=convention.name) if depends(figure, convention) else figure


def depends(figure: Figure, convention: Convention) -> bool:
    """Whether a convention has a rule for the quantity of a figure."""
    return any(figure.quantity in _COUNTED[subject] for subject in convention.subjects)


class Checker:
    """Computes figures from reports that are kept for the next ones; ``convention`` is a user's own."""

    def __init__(self, reports: Reports, convention: Convention | None = None) -> None:
        self.reports = reports
        self.convention = convention

    def finding(self, spec: NetworkSpec, figure: Figure) -> Finding:
        """Return the verdict on a figure; raise NodeError where it cannot be computed."""
        if figure.measured or figure.is_remark:
            return Finding(spec.name, figure, REMARKED if figure.is_remark else MEASURED, None)
        computed = self.value(spec, figure)
        if figure.bound:
            return Finding(spec.name, figure, EXPECTED if holds(figure, computed) else BROKEN, computed)
        explained, how = None, None
        if figure.under is not None:
            counted = figure.under.of(figure)
            explained = self.value(spec, counted)
            how = agreement(counted, explained)
        status, cut = verdict(figure, agreement(figure, computed), how)
        tried = tuple(self._tried(spec, figure))
        if any(agreement(each.figure, each.computed) for each in tried):
            status = UNEXPECTED
        return Finding(spec.name, figure, status, computed, explained, cut, tried)

    def _tried(self, spec: NetworkSpec, figure: Figure) -> list[Tried]:
        readings = [reading.of(figure) for reading in figure.tried]
        return [Tried(reading, self.value(spec, reading)) for reading in readings]

    def value(self, spec: NetworkSpec, figure: Figure) -> Any:
        """Return what the network has where the figure was printed, counted as the figure was."""
        if figure.network:
            try:
                spec = find(figure.network)
            except RequestError as error:
                raise NodeError(figure.node, str(error)) from None
            figure = figure._replace(network="")
        if figure.formula is not None:
            return _number(figure.formula, Scope(_Values(self, spec, figure), _NO_SHAPE))
        layers, report = self.reports.layers(spec, figure), self.reports.report(spec, figure)
        part = Part(report, layers, self._convention(figure), figure.bias, figure.norm, figure.buffers)
        quantity = QUANTITIES[figure.quantity]
        of_values = figure.unit == "values" and quantity.kind == "bytes"
        function = in_values(figure.quantity) if of_values else quantity.compute
        assert function is not None
        try:
            value = function(part)
        except (AttributeError, IndexError, ZeroDivisionError):  # no such setting, no input, nothing to have a share of
            value = None
        if value is None:
            raise NodeError(figure.node, f"{' '.join(figure.at or (spec.name,))} has no {figure.quantity}")
        return value

    def _convention(self, figure: Figure) -> Convention | None:
        if figure.convention is None or (self.convention is not None and figure.convention == self.convention.name):
            return None if figure.convention is None else self.convention
        try:
            return find_convention(figure.convention)
        except RequestError as error:
            raise NodeError(figure.node, str(error)) from None


def _number(formula: Formula, scope: Scope) -> Any:
    value = formula.evaluate(scope)
    if isinstance(value, bool | str):
        raise NodeError(formula.node, f"'={formula.text}' gives {str(value).lower()}, expected a number")
    return value


class _Values(dict[str, Any]):
    """The quantities that the formula of a figure asks for, each computed when it is."""

    def __init__(self, checker: Checker, spec: NetworkSpec, figure: Figure) -> None:
        super().__init__()
        self.checker = checker
        self.spec = spec
        self.figure = figure._replace(formula=None)

    def __missing__(self, name: str) -> Any:
        return self.checker.value(self.spec, self.figure._replace(quantity=name))
