"""What was measured of a variant: the published rates of the network of its family that comes to the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import ArchcalcError
from archcalc.language.networks import input_size, networks_of, with_values
from archcalc.published.figures import figures
from archcalc.units import read_printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.report import Report
    from archcalc.language.model import Family
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.figure import Figure

    Key = tuple[Any, ...]

RATES = ("top1_error", "top5_error", "error", "top1_accuracy", "top5_accuracy", "accuracy")


def rates(report: Report) -> dict[str, Any]:
    """Return the published rates of a variant in percent, exact; an error also as an accuracy, and the other way round.

    A variant is the network of its family with the same totals and input: arguments that change neither, such as the
    dropout, play no part.
    """
    return dict(_published(report.network.spec.family).get(_key(report), {}))


def _key(report: Report) -> Key:
    totals = report.totals
    return (report.params, sum(totals.ops.values()), totals.stored, report.depth, tuple(report.network.inputs.values()))


_known: dict[str, dict[Key, dict[str, Any]]] = {}
"""The rates of families that were looked at, by their text."""


def _published(family: Family) -> dict[Key, dict[str, Any]]:
    """Return the rates of all networks of a family, by what they come to; the first figure of each goes before."""
    text = family.source.text
    if text not in _known:
        _known[text] = _read(family)
    return _known[text]


def _read(family: Family) -> dict[Key, dict[str, Any]]:
    known: dict[Key, dict[str, Any]] = {}
    for spec in networks_of(family):
        for figure, report in _measured(spec):
            value = _percent(figure)
            if value is None:
                continue
            word = figure.quantity
            other = word.replace("error", "accuracy") if "error" in word else word.replace("accuracy", "error")
            own = known.setdefault(_key(report), {})
            own.setdefault(word, value)
            own.setdefault(other, 100 - value)
    return known


def _measured(spec: NetworkSpec) -> Iterator[tuple[Figure, Report]]:
    """Yield the rates of a network, each with the report of the network that it was measured of."""
    reports: dict[Any, Report] = {}
    for figure in figures(spec):
        if figure.at is not None or figure.quantity not in RATES:
            continue
        key = (tuple(figure.set.items()), figure.input)
        try:
            if key not in reports:
                reports[key] = count(expand(with_values(spec, figure.set), input_size(figure.input)), setup())
        except ArchcalcError:  # check reports what is wrong with it
            continue
        yield figure, reports[key]


def _percent(figure: Figure) -> Any:
    try:
        value = read_printed(figure.printed).value
    except ValueError:
        return None
    return value if 0 <= value <= 100 else None
