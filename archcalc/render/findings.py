"""Findings in words: what a figure describes, how it was counted, what explains it, and why a check fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.conventions.convention import conventions
from archcalc.published.check import depends
from archcalc.published.expect import excess
from archcalc.published.figure import Figure
from archcalc.published.quantities import kind_of
from archcalc.published.verdicts import (
    AGREES,
    AGREES_UNDER,
    APPROXIMATE,
    BROKEN,
    DIFFERS,
    EXPECTED,
    MEASURED,
    MISPRINT,
    OTHER,
    REMARKED,
    SEVERAL_NETWORKS,
    UNEXPECTED,
    UNEXPLAINED,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.published.figure import Reading
    from archcalc.published.verdicts import Finding

VERDICTS = {
    AGREES: "agrees",
    AGREES_UNDER: "agrees",
    APPROXIMATE: "approximate",
    OTHER: "of something else",
    UNEXPLAINED: "unexplained",
    MISPRINT: "misprint",
    UNEXPECTED: "UNEXPECTED",
    DIFFERS: "DIFFERS",
    MEASURED: "measured",
    REMARKED: "remark",
    EXPECTED: "as expected",
    BROKEN: "BROKEN",
}


SIGNS = {
    AGREES: ("✓", "good"), AGREES_UNDER: ("✓", "good"), EXPECTED: ("✓", "good"), APPROXIMATE: ("≈", "near"),
    UNEXPLAINED: ("?", "open"), MISPRINT: ("!", "slip"), OTHER: ("·", ""), MEASURED: (" ", "faint"),
    UNEXPECTED: ("✗", "bad"), DIFFERS: ("✗", "bad"), BROKEN: ("✗", "bad"),
}  # fmt: skip
"""The sign and the tone of each verdict."""


def signed(finding: Finding) -> str:
    """Return the verdict on a figure in words, with its sign."""
    return f"{SIGNS[finding.status][0]} {verdict(finding)}"


def verdict(finding: Finding) -> str:
    """Return the verdict on a figure in words."""
    words = VERDICTS[finding.status]
    if finding.status == BROKEN:
        return f"{words}: {off(finding)}"
    if finding.status == UNEXPECTED:
        return f"{words}: {_unexpected(finding)}"
    if finding.status == AGREES_UNDER:
        words = f"{words} {under(finding.figure)}"
    return f"{words}, cut" if finding.cut else words


def _unexpected(finding: Finding) -> str:
    return f"marked as {'a misprint' if finding.figure.misprint else 'unexplained'}, and agrees"


def described(finding: Finding) -> str:
    """Name what a figure describes: the claim, or a row and its quantity."""
    rows = at(finding.figure)
    return rows if finding.network == SEVERAL_NETWORKS else f"{rows} {finding.figure.quantity}"


def at(figure: Figure) -> str:
    """Name the rows of a figure, the first and the last of many, or the total."""
    return _rows(figure.at or ("total",))


def _rows(rows: tuple[str, ...]) -> str:
    return f"{rows[0]} … {rows[-1]}" if len(rows) > 3 else " ".join(rows)


def source(figure: Figure) -> str:
    """Return key and place of a figure's source."""
    return f"{figure.cite}, {figure.where}" if figure.where else figure.cite


def under(figure: Figure) -> str:
    """Say under what a figure agrees: ``under stem=separable``, ``without conv1``, ``rounded up``."""
    how = read_as(figure.under) if figure.under is not None else ""
    return how if how.split(" ")[0] in ("of", "at", "without", "with", "rounded", "as") else f"under {how}"


def read_as(reading: Reading) -> str:
    """Say how else a figure is counted."""
    return ", ".join(_counted(reading.options))


def counted(figure: Figure) -> str:
    """Say how a figure was counted, where not in the usual way."""
    defaults = Figure._field_defaults
    options = {name: value for name, value in figure._asdict().items() if value != defaults.get(name)}
    options.pop("at", None)
    if not _matters(figure):
        options.pop("convention", None)
    return ", ".join(_counted(options))


def _counted(options: dict[str, Any]) -> Iterator[str]:
    """Say what options change, in the order of these lines."""
    if "network" in options:
        yield f"of {options['network']}"
    if "at" in options:
        yield f"at {_rows(options['at'])}"
    if options.get("without"):
        yield f"without {_rows(options['without'])}"
    for name, words in _FLAGS.items():
        if name in options:
            yield words[options[name]]
    if options.get("k"):
        yield f"K={options['k']}"
    if options.get("convention"):
        yield options["convention"]
    if options.get("to"):
        yield f"to {options['to']}"
    if options.get("round"):
        yield f"rounded {options['round']}"
    yield from (f"{name}={value}" for name, value in options.get("set", {}).items())
    if options.get("input"):
        yield f"input {options['input']}"
    if options.get("training"):
        yield "training"
    if options.get("formula") is not None:
        yield f"as {options['formula'].text}"


_FLAGS = {
    "bias": ("no biases", "with biases"),
    "norm": ("no norm", "with norm"),
    "buffers": ("without statistics", "with statistics"),
}


def _matters(figure: Figure) -> bool:
    """Whether a figure's convention has a rule for its quantity."""
    convention = conventions().get(figure.convention or "")
    return convention is None or depends(figure, convention)  # a user's own is given to no other figure


def off(finding: Finding) -> str:
    """Say by how much a network misses what its spec expects."""
    figure = finding.figure
    by = excess(figure, finding.computed)
    if by == 0:
        return "exactly that"
    amount = units.exact(abs(by)) if isinstance(by, int) else units.decimal(abs(by))
    unit = ""
    if kind_of(figure.quantity) == "bytes":
        unit = f" B = {units.size(int(abs(by)))}" if abs(by) >= 1024 else " B"
    share = units.percent(abs(by), figure.value.value) if figure.value is not None else ""
    return f"{amount}{unit} {'over' if by > 0 else 'short'} ({share})"


def failure(finding: Finding) -> str:
    """Say in a sentence why a check with this finding fails."""
    figure = finding.figure
    if finding.status == BROKEN:
        number = computed(finding)
        return f"{finding.network}: {figure.quantity} is {number}, expected {figure.printed}: {off(finding)}"
    value = computed(finding, full=True)
    what = f"{finding.network}: {described(finding)} is {value}, printed {figure.printed} ({source(figure)})"
    if finding.status == UNEXPECTED:
        return f"{what}: {_unexpected(finding)}"
    if finding.explained is not None:
        return f"{what}; {under(figure)} it is {written(figure, finding.explained, full=True)}"
    return what


def comments(finding: Finding) -> Iterator[str]:
    """Yield what is to be said of a finding below a table: what explains it, what was tried, and its note."""
    figure = finding.figure
    reason = figure.misprint or figure.unexplained or figure.other
    given = explained(finding)
    if reason:
        yield f"{reason} (computed: {computed(finding, full=True)}{f'; {given}' if given else ''})"
    elif given and finding.status == AGREES_UNDER:
        yield given
    if finding.tried:
        yield f"tried: {'; '.join(tried(finding))}"
    if figure.note:
        yield figure.note


def explained(finding: Finding) -> str:
    """Say what the explanation of a figure gives: ``2,712 under stem=separable``, ``55*48*96 = 253,440``."""
    figure = finding.figure
    if finding.explained is None or figure.under is None:
        return ""
    value, formula = written(figure, finding.explained, full=True), figure.under.options.get("formula")
    if formula is None or len(figure.under.options) > 1:
        return under(figure) if finding.explained == finding.computed else f"{value} {under(figure)}"
    if formula.text.isdigit():
        return value
    return f"{formula.text} {value}" if finding.explained is True else f"{formula.text} = {value}"


def tried(finding: Finding) -> list[str]:
    """Return what was tried to reproduce an unexplained figure, and what each reading gives."""
    readings = zip(finding.figure.tried, finding.tried, strict=True)
    return [f"{read_as(reading)}: {written(each.figure, each.computed, full=True)}" for reading, each in readings]


def computed(finding: Finding, *, full: bool = False) -> str:
    """Write what was computed: exactly, or in the unit of the figure."""
    return written(finding.figure, finding.computed, full=full)


def written(figure: Figure, value: Any, *, full: bool = False) -> str:
    """Write a computed value of a figure's quantity: exactly, or in the unit of the figure."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        as_printed = (*value[1:], value[0]) if figure.order == "hwc" and len(value) == 3 else value
        return "x".join(map(str, as_printed))
    if value.__class__ is bool:
        return "holds" if value else "does not hold"
    kind = kind_of(figure.quantity)
    if kind == "percent":
        return f"{units.fixed(value.numerator, value.denominator)}%"
    if value.__class__ is not int:
        return units.decimal(value)
    if full or kind != "bytes" or figure.unit == "values":
        return units.exact(value)
    return f"{units.exact(value)} B"
