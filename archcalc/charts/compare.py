"""Networks as bubbles: how accurate they are for how much work, with how many parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units
from archcalc.analyses.accuracy import ONE_CROP, Accuracy, has_other, tops
from archcalc.charts.axis import BYTES, COUNT, SECONDS
from archcalc.charts.bubbles import Bubble, BubbleChart
from archcalc.charts.marks import SERIES
from archcalc.charts.quantities import quantity, size_quantity
from archcalc.errors import RequestError, one_of, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archcalc.analyses.devices.device import Device
    from archcalc.charts.quantities import Quantity, Value
    from archcalc.engine.report import Report

_NOT_SAID = "protocol not said"


class Compared(NamedTuple):
    """A network with the values that place it, by the words of their quantities."""

    report: Report
    values: dict[str, Value]

    @property
    def accuracies(self) -> list[Accuracy]:
        """The published accuracies that place it."""
        return [value.accuracy for value in self.values.values() if value.accuracy is not None]


class Axes(NamedTuple):
    """What networks are compared by: across, upwards, and by area."""

    x: Quantity
    y: Quantity
    size: Quantity | None
    device: Device | None

    @property
    def is_of_crops(self) -> bool:
        """Whether it matters how many crops of an image were looked at: for top-1 and top-5."""
        return any(quantity.top for quantity in (self.x, self.y))

    def all(self) -> tuple[Quantity, ...]:
        """Return the quantities, each once."""
        each = (self.x, self.y) if self.size is None else (self.x, self.y, self.size)
        return tuple({quantity.word: quantity for quantity in each}.values())


def compare(
    reports: Sequence[Report], x: str = "macs", y: str = "top1", size: str = "params", device: Device | None = None
) -> BubbleChart:
    """Return the chart of some networks; raise RequestError where none of them has the values that it takes."""
    axes = Axes(quantity(x), quantity(y), size_quantity(size), device)
    compared, remarks = _compared(reports, axes)
    if not compared:
        raise RequestError("\n".join(["no network is left to compare", *remarks]))
    looks = _looks([each.report for each in compared])
    bubbles = tuple(_bubble(each, axes, looks[_family(each.report)]) for each in compared)
    return BubbleChart(
        title=f"{axes.y.label} against {axes.x.short}",
        subtitle=_subtitle(axes, compared[0].report),
        description=_description(axes, compared),
        notes=tuple(_notes(compared, axes, looks)),
        remarks=tuple(remarks),
        bubbles=bubbles,
        across=(axes.x.label, axes.x.kind),
        upwards=(axes.y.label, axes.y.kind),
        areas=None if axes.size is None else (axes.size.label, axes.size.kind),
    )


def _compared(reports: Iterable[Report], axes: Axes) -> tuple[list[Compared], list[str]]:
    """Return the networks that have all values, each once, and why the others are left out."""
    compared: dict[Any, Compared] = {}
    remarks = []
    for report in reports:
        values = {each.word: each.of(report, axes.device) for each in axes.all()}
        missing = next((each for each in axes.all() if values[each.word] is None), None)
        if missing is None:
            found = {word: value for word, value in values.items() if value is not None}
            key = (report.name, *(value.number for value in found.values()))
            compared.setdefault(key, Compared(report, found))
        else:
            remarks.append(f"{printable(report.name)} is left out: {_why(report, missing)}")
    return list(compared.values()), remarks


def _why(report: Report, missing: Quantity) -> str:
    """Say what a network has not, and what of the kind it has."""
    if missing.top is None:
        return f"it has no {missing.short}"
    what = f"{missing.top.replace('top', 'top-')} accuracy" if missing.top else "accuracy of this kind"
    known = [f"--y {top or 'accuracy'}" for top in tops(report)]
    if has_other(report, missing.top):
        return f"its {what} was published for another input or other arguments"
    return f"no {what} is recorded for it{f'; there is {one_of(known)}' if known else ''}"


def _family(report: Report) -> str:
    return report.network.spec.family.source.file


def _looks(reports: Sequence[Report]) -> dict[str, str]:
    """Return a colour for each family, those with most networks first; what is left over is grey."""
    counts: dict[str, int] = {}
    for report in reports:
        counts[_family(report)] = counts.get(_family(report), 0) + 1
    order = sorted(counts, key=lambda family: -counts[family])
    return {family: SERIES[place] if place < len(SERIES) else "other" for place, family in enumerate(order)}


def _bubble(compared: Compared, axes: Axes, look: str) -> Bubble:
    report, values = compared
    lines = [f"{report.title} ({report.network.spec.year})" if report.network.spec.year else report.title]
    lines += [f"{each.label}: {_exact(each, values[each.word])}" for each in axes.all()]
    lines += [_source(accuracy) for accuracy in compared.accuracies[:1]]
    lines.append(f"input {'×'.join(map(str, report.input))}")
    return Bubble(
        name=report.name,
        x=float(values[axes.x.word].number),
        y=float(values[axes.y.word].number),
        area=1.0 if axes.size is None else float(values[axes.size.word].number),
        look=look,
        dashed=axes.is_of_crops and any(accuracy.measured != ONE_CROP for accuracy in compared.accuracies),
        tooltip="\n".join(lines),
    )


def _exact(quantity: Quantity, value: Value) -> str:
    if value.accuracy is not None:
        figure, shown = value.accuracy.figure, f"{units.decimal(value.number)}%"
        same = figure.printed.strip() == shown
        return shown if same else f"{shown}, printed as {figure.quantity.replace('_', ' ')} {figure.printed}"
    if quantity.kind == BYTES:
        return units.size(value.number)
    if quantity.kind == SECONDS:
        return units.duration(value.number)
    return units.exact(value.number) if quantity.kind == COUNT else str(value.number)


def _source(accuracy: Accuracy) -> str:
    figure = accuracy.figure
    return ", ".join(part for part in (figure.protocol or _NOT_SAID, figure.cite, figure.where) if part)


def _subtitle(axes: Axes, report: Report) -> str:
    setup = report.setup
    parts = [] if axes.size is None else [f"area: {axes.size.short}"]
    if any(each.kind in (COUNT, BYTES, SECONDS) for each in axes.all() if each.word != "params"):
        parts.append("one image" if setup.batch == 1 else f"batch {setup.batch:,}")
    if any(each.word in ("memory", "time") for each in axes.all()):
        parts.append(setup.dtype)
    if axes.device is not None and any(each.word == "time" for each in axes.all()):
        parts.append(f"estimated on {axes.device.title}")
    return " · ".join(parts)


def _description(axes: Axes, compared: Sequence[Compared]) -> str:
    """Return what the chart shows, in words: who cannot see it reads the values."""
    values = (
        f"{each.report.name}: " + ", ".join(f"{one.short} {_exact(one, each.values[one.word])}" for one in axes.all())
        for each in compared
    )
    return f"Bubbles. {'; '.join(values)}."


def _notes(compared: Sequence[Compared], axes: Axes, looks: dict[str, str]) -> Iterator[str]:
    sources = _protocols(compared)
    if sources:
        kind = "Errors" if any(each.label.lower().endswith("error") for each in (axes.x, axes.y)) else "Accuracies"
        how = "of one crop where such a figure is known" if axes.is_of_crops else "each measured in its own way"
        yield f"{kind} as published, {how}: {'; '.join(sources)}."
    yield _inputs([each.report for each in compared])
    if len(looks) > 1 and len(looks) < len(compared):
        grey = "; grey ones are of others" if "other" in looks.values() else ""
        yield f"Networks of one family have one colour{grey}."


def _protocols(compared: Iterable[Compared]) -> list[str]:
    """Say how each accuracy was measured: protocol, then networks with their source."""
    groups: dict[str, dict[str, list[str]]] = {}
    for each in compared:
        for figure in [accuracy.figure for accuracy in each.accuracies[:1]]:
            names = groups.setdefault(figure.protocol or _NOT_SAID, {}).setdefault(figure.cite, [])
            names.append(each.report.name)
    return [
        f"{protocol}: " + ", ".join(f"{', '.join(dict.fromkeys(names))} ({cite})" for cite, names in sources.items())
        for protocol, sources in groups.items()
    ]


def _inputs(reports: Sequence[Report]) -> str:
    """Say which inputs the networks have: the usual one, and those that have another."""
    groups: dict[str, list[str]] = {}
    for report in reports:
        groups.setdefault("×".join(map(str, report.input)), []).append(report.name)
    usual, *others = sorted(groups, key=lambda size: -len(groups[size]))
    apart = [f"{', '.join(dict.fromkeys(groups[size]))} {size}" for size in others]
    return f"Input {usual}{', but ' if apart else ''}{'; '.join(apart)}."
