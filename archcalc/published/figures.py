"""Reading published figures: kept as printed, with source and place, in the spec of the network that they describe.

An entry has one quantity or several, ``{params: 138M, cite: simonyan2015, where: table 2}``, or is a table as it
was printed, with ``columns`` and ``rows``. What else it says (bias, k, unit, convention, set, ...) says how the
figure was counted. ``{remark: dropout 0.5, cite: ...}`` records what no calculator can check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.errors import did_you_mean, printable
from archcalc.limits import MAX_FIGURES
from archcalc.published.figure import OPTIONS, REMARK, Figure, check_options, field, readings, with_value
from archcalc.published.quantities import QUANTITIES
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.errors import Mistake
    from archcalc.language.networks import NetworkSpec

    _Cell = tuple[str, Node, dict[str, Any]]
    """Quantity, printed figure, and the options of an entry."""

REMARKS = (REMARK, "chosen", "fact", "rank", "year")
"""Words of a remark; the others are those of archcalc 0.1.0."""

_WORDS = (*QUANTITIES, *REMARKS)


def figures(spec: NetworkSpec) -> tuple[Figure, ...]:
    """Return the figures printed of a network; raise SpecError with every one that cannot be read."""
    found: list[Figure] = []
    mistakes: list[Mistake] = []
    for node in spec.published:
        for entry in node.items if isinstance(node, Sequence) else (node,):
            try:
                for word, value, options in _entry(entry, node):
                    try:
                        found.append(_figure(word, value, options))
                    except NodeError as error:
                        mistakes.append(error.mistake)
                    if len(found) + len(mistakes) > MAX_FIGURES:
                        mistakes.append(NodeError(value, f"more than {MAX_FIGURES:,} figures of one network").mistake)
                        raise spec.family.source.error(mistakes)
            except NodeError as error:
                mistakes.append(error.mistake)
    if mistakes:
        raise spec.family.source.error(mistakes)
    return tuple(found)


def _entry(entry: Node, node: Node) -> Iterator[_Cell]:
    if not isinstance(node, Sequence):
        raise NodeError(node, f"expected a list of published figures, got {readers.shown(node)}")
    if not isinstance(entry, Mapping):
        raise NodeError(entry, f"expected {{quantity: figure, cite: , where: }}, got {readers.shown(entry)}")
    yield from _table(entry) if entry.get("rows") is not None else _single(entry)


def _single(entry: Mapping) -> Iterator[_Cell]:
    options, printed = _parts(entry, single=True)
    if not printed:
        raise NodeError(entry, f"no quantity; there are {', '.join(QUANTITIES)}, and {REMARK}")
    for key, value in printed:
        yield key.value, value, options


def _parts(
    entry: Mapping, known: tuple[str, ...] = (), *, single: bool = False
) -> tuple[dict[str, Any], list[tuple[Scalar, Node]]]:
    """Separate the options of an entry from its figures; only a ``single`` one can have ``input`` as its figure."""
    options: dict[str, Any] = {}
    printed: list[tuple[Scalar, Node]] = []
    for key, value in zip(entry.keys, entry.values, strict=True):
        word = key.value
        if word in _WORDS and not (word == "input" and (not single or _is_option(entry))):
            printed.append((key, value))
        elif word in OPTIONS:
            options[field(word)] = OPTIONS[word][0](value)
        elif word not in known:
            hint = did_you_mean(word, (*QUANTITIES, REMARK, *OPTIONS, *known))
            raise NodeError(key, f"a published figure has no '{printable(word[:60])}'{hint}")
    return options, printed


def _is_option(entry: Mapping) -> bool:
    """Whether ``input`` is the size that other figures of the entry hold for."""
    return any(key.value in QUANTITIES and key.value != "input" for key in entry.keys)


def _figure(word: str, value: Node, options: dict[str, Any]) -> Figure:
    if isinstance(value, Mapping):
        own, rest = _parts(value, ("print",))
        printed = value.get("print")
        if printed is None or rest:
            raise NodeError(value, "a figure with options of its own is {print: 145M, misprint: ...}")
        return _figure(word, printed, {**options, **own})
    if "cite" not in options:
        raise NodeError(value, "a published figure needs its source, cite:")
    quantity = REMARK if word in REMARKS else word
    figure = with_value(Figure(value, quantity, readers.text(value), **options), value)
    check_options(figure)
    for reading in readings(figure):
        reading.of(figure)
    return figure


def _table(entry: Mapping) -> Iterator[_Cell]:
    """Read a table as it was printed: a column for each quantity, a row for each layer."""
    options, printed = _parts(entry, ("columns", "rows"))
    columns, rows = entry.get("columns"), entry.get("rows")
    if printed or not isinstance(columns, Sequence) or not isinstance(rows, Mapping):
        raise NodeError(entry, "a table has columns: [quantity, ...] and rows: {layer: [figure, ...]}")
    heads = [_column(column) for column in columns.items]
    for key, cells in zip(rows.keys, rows.values, strict=True):
        if not isinstance(cells, Sequence) or len(cells.items) != len(heads):
            raise NodeError(cells, f"expected a row of {len(heads)} figures: {', '.join(word for word, _ in heads)}")
        layers = OPTIONS["at"][0](key)
        for (word, own), cell in zip(heads, cells.items, strict=True):
            if not (isinstance(cell, Scalar) and (cell.empty or cell.value == "-")):
                yield word, cell, {**options, **own, "at": layers}


def _column(node: Node) -> tuple[str, dict[str, Any]]:
    options: dict[str, Any] = {}
    if isinstance(node, Mapping) and len(node.keys) == 1:
        word, own = node.keys[0].value, node.values[0]
        if not isinstance(own, Mapping):
            raise NodeError(own, "a column is a quantity, or {quantity: {bias: false, ...}}")
        options, _ = _parts(own)
    else:
        word = readers.text(node)
    if word not in QUANTITIES:
        raise NodeError(node, f"no quantity '{printable(word[:60])}'{did_you_mean(word, QUANTITIES)}")
    return word, options
