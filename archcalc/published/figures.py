"""Reading published figures: kept as printed, with source and place, in the spec of the network they speak of.

An entry has one quantity or several, ``{params: 138M, cite: simonyan2015, where: table 2}``, or is a table as it
was printed, with ``columns`` and ``rows``. What else it says (bias, k, unit, convention, set, ...) says how the
figure was counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.errors import did_you_mean, printable
from archcalc.limits import MAX_FIGURES, MAX_PRINTED
from archcalc.published.quantities import QUANTITIES, kind_of
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence
from archcalc.units import Printed, read_printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.errors import Mistake
    from archcalc.language.networks import NetworkSpec

    _Said = tuple[str, Node, dict[str, Any]]
    """Quantity, figure, and what an entry says of it."""


class Figure(NamedTuple):
    """One printed figure and how it was counted."""

    node: Node
    quantity: str
    printed: str
    cite: str
    where: str = ""
    at: tuple[str, ...] | None = None
    value: Printed | None = None
    bias: bool = True
    norm: bool = True
    buffers: bool = False
    k: int | None = None
    unit: str | None = None
    to: str | None = None
    convention: str | None = None
    order: str = "chw"
    set: dict[str, str] = {}  # noqa: RUF012 - never changed
    input: str | None = None
    training: bool = False
    protocol: str = ""
    misprint: str = ""
    note: str = ""
    bound: str = ""
    """For what a spec expects of itself: <=, >=, <, > or == before the figure."""

    @property
    def measured(self) -> bool:
        """Whether it was measured: shown, never checked."""
        return kind_of(self.quantity) == "measured"


def _read_at(node: Node) -> tuple[str, ...]:
    names = tuple(readers.text(node).split())
    if not 1 <= len(names) <= MAX_PRINTED:
        raise NodeError(node, f"{len(names)} names of layers; from 1 to {MAX_PRINTED} are wanted")
    return names


def _read_settings(node: Node) -> dict[str, str]:
    if not isinstance(node, Mapping):
        raise NodeError(node, f"{readers.shown(node)}, where {{argument: value}} is wanted")
    return {key.value: readers.text(value) for key, value in zip(node.keys, node.values, strict=True)}


_thousand = readers.choice("1000", "1024")
_k = readers.Reader(_thousand.expected, lambda node: int(_thousand(node)), _thousand.schema)
_at = readers.Reader("names of layers", _read_at)
_settings = readers.Reader(
    "{argument: value}", _read_settings, {"type": "object", "additionalProperties": readers.TEXT}
)

OPTIONS: dict[str, tuple[readers.Reader[Any], str]] = {
    "cite": (readers.text, "key of the source"),
    "where": (readers.text, "place in the source: table, section, slide"),
    "at": (_at, "layer or composite that it speaks of (several with spaces); the whole network if left out"),
    "bias": (readers.flag, "false: biases are not counted"),
    "norm": (readers.flag, "false: scale and shift of normalisation are not counted"),
    "buffers": (readers.flag, "true: running statistics of normalisation are counted too, as Keras does"),
    "k": (_k, "what K stands for, 1000 or 1024; by default 1000 for counts, 1024 for bytes"),
    "unit": (readers.choice("values", "bytes"), "values: memory is counted in values, not in bytes"),
    "to": (readers.text, "precision where it is coarser than the digits: 100K for 800K printed of 802,816"),
    "convention": (readers.text, "named convention that it was counted by"),
    "count": (readers.text, "the same as convention"),
    "order": (readers.choice("chw", "hwc"), "hwc: shapes are printed as height x width x channels"),
    "set": (_settings, "arguments of the spec that it holds for"),
    "input": (readers.text, "input size that it holds for, where the figure is not one of an input"),
    "training": (readers.flag, "true: branches for training are counted"),
    "protocol": (readers.text, "how a measured figure was measured"),
    "misprint": (readers.text, "why the figure does not follow from the network"),
    "note": (readers.text, "a remark on a figure that agrees"),
}
"""What an entry can say beside its quantities; ``input`` is a quantity where it is printed as a shape."""


def figures(spec: NetworkSpec) -> tuple[Figure, ...]:
    """Return the figures printed of a network; raise SpecError with every one that cannot be read."""
    found: list[Figure] = []
    mistakes: list[Mistake] = []
    for node in spec.published:
        for entry in node.items if isinstance(node, Sequence) else (node,):
            try:
                for word, value, said in _entry(entry, node):
                    try:
                        found.append(_figure(word, value, said))
                    except NodeError as wrong:
                        mistakes.append(wrong.mistake)
                    if len(found) + len(mistakes) > MAX_FIGURES:
                        mistakes.append(NodeError(value, f"more than {MAX_FIGURES:,} figures of one network").mistake)
                        raise spec.family.source.error(mistakes)
            except NodeError as wrong:
                mistakes.append(wrong.mistake)
    if mistakes:
        raise spec.family.source.error(mistakes)
    return tuple(found)


def _entry(entry: Node, node: Node) -> Iterator[_Said]:
    if not isinstance(node, Sequence):
        raise NodeError(node, f"{readers.shown(node)}, where a list of published figures is wanted")
    if not isinstance(entry, Mapping):
        raise NodeError(entry, f"{readers.shown(entry)}, where {{quantity: figure, cite: , where: }} is wanted")
    yield from _table(entry) if entry.get("rows") is not None else _single(entry)


def _single(entry: Mapping) -> Iterator[_Said]:
    said, found = _said(entry, single=True)
    if not found:
        raise NodeError(entry, f"no quantity; there are {', '.join(QUANTITIES)}")
    for key, value in found:
        yield key.value, value, said


def _said(
    entry: Mapping, known: tuple[str, ...] = (), *, single: bool = False
) -> tuple[dict[str, Any], list[tuple[Scalar, Node]]]:
    """Part what an entry says of its figures from the figures themselves; only a ``single`` one can be of ``input``."""
    said: dict[str, Any] = {}
    found: list[tuple[Scalar, Node]] = []
    for key, value in zip(entry.keys, entry.values, strict=True):
        word = key.value
        if word in QUANTITIES and not (word == "input" and (not single or _is_option(entry))):
            found.append((key, value))
        elif word in OPTIONS:
            said["convention" if word == "count" else word] = OPTIONS[word][0](value)
        elif word not in known:
            hint = did_you_mean(word, (*QUANTITIES, *OPTIONS, *known))
            raise NodeError(key, f"a published figure has no '{printable(word[:60])}'{hint}")
    return said, found


def _is_option(entry: Mapping) -> bool:
    """Whether ``input`` is the size that other figures of the entry hold for."""
    return any(key.value in QUANTITIES and key.value != "input" for key in entry.keys)


def _figure(word: str, value: Node, said: dict[str, Any]) -> Figure:
    if isinstance(value, Mapping):
        own, rest = _said(value, ("print",))
        printed = value.get("print")
        if printed is None or rest:
            raise NodeError(value, "a figure with words of its own is {print: 145M, misprint: ...}")
        return _figure(word, printed, {**said, **own})
    if "cite" not in said:
        raise NodeError(value, "a published figure wants its source, cite:")
    text = readers.text(value)
    figure = Figure(value, word, text, **said)
    kind = QUANTITIES[word].kind
    if kind == "shape" and (len(text) > MAX_PRINTED or not any(char.isdigit() for char in text)):
        raise NodeError(value, f"{readers.shown(value)} is no shape such as 96x55x55")
    if kind in ("shape", "measured"):
        return figure
    of_bytes = kind == "bytes" and figure.unit != "values"
    try:
        return figure._replace(value=read_printed(text, k=figure.k, to=figure.to, is_bytes=of_bytes))
    except ValueError as error:
        raise NodeError(value, str(error)) from None


def _table(entry: Mapping) -> Iterator[_Said]:
    """Read a table as it was printed: a column for each quantity, a row for each layer."""
    said, found = _said(entry, ("columns", "rows"))
    columns, rows = entry.get("columns"), entry.get("rows")
    if found or not isinstance(columns, Sequence) or not isinstance(rows, Mapping):
        raise NodeError(entry, "a table has columns: [quantity, ...] and rows: {layer: [figure, ...]}")
    heads = [_column(column) for column in columns.items]
    for key, cells in zip(rows.keys, rows.values, strict=True):
        if not isinstance(cells, Sequence) or len(cells.items) != len(heads):
            raise NodeError(cells, f"a row of {len(heads)} figures is wanted: {', '.join(word for word, _ in heads)}")
        for (word, own), cell in zip(heads, cells.items, strict=True):
            if not (isinstance(cell, Scalar) and (cell.empty or cell.value == "-")):
                yield word, cell, {**said, **own, "at": _at(key)}


def _column(node: Node) -> tuple[str, dict[str, Any]]:
    own: dict[str, Any] = {}
    if isinstance(node, Mapping) and len(node.keys) == 1:
        word, options = node.keys[0].value, node.values[0]
        if not isinstance(options, Mapping):
            raise NodeError(options, "a column is a quantity, or {quantity: {bias: false, ...}}")
        own, _ = _said(options)
    else:
        word = readers.text(node)
    if word not in QUANTITIES:
        raise NodeError(node, f"no quantity '{printable(word[:60])}'{did_you_mean(word, QUANTITIES)}")
    return word, own
