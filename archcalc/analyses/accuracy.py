"""The published accuracy of a network that belongs to one pass over one image.

Papers print several: of one crop, of ten, of ensembles. Work is counted for one pass, so a figure of one crop goes
before others, and one that does not say how it was measured before those that took more work: of several crops, scales
or networks, or of a larger input.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.engine.arguments import argument_values, input_shapes
from archcalc.language.networks import input_size, named
from archcalc.published.figures import figures
from archcalc.units import read_printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.report import Report
    from archcalc.published.figure import Figure

ONE_CROP, NOT_SAID, MORE_WORK = range(3)
"""How an accuracy was measured; the first is what the work of one image buys."""

_RATES = ("error", "accuracy")
_ONE = re.compile(r"\b(?:1|one|single|cent(?:er|re))[- ]crop\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:multi\w*|ensemble|dense"
    r"|(?:[2-9]|[1-9][0-9]+|two|three|six|seven)[- ](?:crops?|models?|networks?|scales?))\b",
    re.IGNORECASE,
)
_AT = re.compile(r"\bat ([0-9]{2,5})\s*[x×]")
_SPREAD = re.compile(r"\s*(?:±|\+/?-).*?(%?)\s*$")


class Accuracy(NamedTuple):
    """A published accuracy in percent, and the figure that says it, as an accuracy or as an error."""

    percent: Any
    figure: Figure
    measured: int
    """ONE_CROP, NOT_SAID or MORE_WORK."""


def accuracy(report: Report, top: str) -> Accuracy | None:
    """Return the accuracy of a network for its present arguments and input; ``top`` is top1, top5, or empty for others.

    None if none was published of it, or only for other arguments or inputs.
    """
    found = [each for each in _accuracies(report) if _top(each.figure.quantity) == top]
    return min(found, key=lambda each: each.measured, default=None)


def tops(report: Report) -> tuple[str, ...]:
    """Return which accuracies a network has for its present arguments and input: top1, top5, or empty for others."""
    return tuple(dict.fromkeys(_top(each.figure.quantity) for each in _accuracies(report)))


def has_other(report: Report, top: str) -> bool:
    """Whether an accuracy was published of a network at all, for whatever arguments and input."""
    words = [figure.quantity for figure in figures(report.network.spec) if figure.at is None]
    return any(word.endswith(_RATES) and _top(word) == top for word in words)


def _top(quantity: str) -> str:
    return quantity.removesuffix("error").removesuffix("accuracy").rstrip("_")


def _accuracies(report: Report) -> Iterator[Accuracy]:
    at_own_input, changed = _at_own_input(report), _changed(report)
    for figure in figures(report.network.spec):
        if figure.at is not None or not figure.quantity.endswith(_RATES):
            continue
        if not (at_own_input if figure.input is None else _at(figure, report)):
            continue
        same = all(str(report.network.values.get(name)) == value for name, value in figure.set.items())
        if not same or changed - figure.set.keys():
            continue
        printed = percent(figure.printed)
        if printed is not None:
            value = 100 - printed if figure.quantity.endswith("error") else printed
            yield Accuracy(value, figure, how(figure.protocol, report))


def how(protocol: str, report: Report) -> int:
    """Return how an accuracy was measured, by the words of its source."""
    other = _AT.search(protocol)
    if _SEVERAL.search(protocol) or (other is not None and int(other[1]) > report.input.height):
        return MORE_WORK
    return ONE_CROP if _ONE.search(protocol) else NOT_SAID


def percent(printed: str) -> Any:
    """Return a printed rate in percent as an exact number, without its spread over several runs; None for others."""
    try:
        value = read_printed(_SPREAD.sub(r"\1", printed)).value
    except ValueError:
        return None
    return value if 0 <= value <= 100 else None


def _at_own_input(report: Report) -> bool:
    """Whether a network is analysed for the input that its spec has."""
    network = report.network
    return network.inputs == input_shapes(network.spec, network.values, None)


def _at(figure: Figure, report: Report) -> bool:
    """Whether a network is analysed for the input that a figure names: size, height x width, or all three."""
    size = input_size(figure.input) or ()
    wanted = (*report.input[1:],) if len(size) < 3 else (*report.input,)
    return (size * 2 if len(size) == 1 else size) == wanted


def _changed(report: Report) -> set[str]:
    """Return the arguments that have another value than the network's own."""
    spec = report.network.spec
    own = named(spec.family, spec.name)
    values = argument_values(own) if own is not None else {}
    return {name for name in spec.values if report.network.values[name] != values.get(name)}
