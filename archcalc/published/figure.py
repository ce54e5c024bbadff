"""A published figure: what was printed, of which quantity, how it was counted, and what explains a difference."""

from __future__ import annotations

from typing import Any, NamedTuple

from archcalc.errors import did_you_mean, printable
from archcalc.language.formula import Formula, is_formula
from archcalc.limits import MAX_PRINTED
from archcalc.published.quantities import kind_of, numbers
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence
from archcalc.units import Printed, read_printed

REMARK = "remark"
"""The word of an entry that is no figure: a setting of training or a fact, recorded with its source."""


class Figure(NamedTuple):
    """One printed figure and how it was counted."""

    node: Node
    quantity: str
    printed: str
    cite: str
    where: str = ""
    at: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    value: Printed | None = None
    bias: bool = True
    norm: bool = True
    buffers: bool = False
    k: int | None = None
    unit: str | None = None
    to: str | None = None
    round: str = ""
    convention: str | None = None
    order: str = "chw"
    set: dict[str, str] = {}  # noqa: RUF012 - never changed
    input: str | None = None
    training: bool = False
    network: str = ""
    """The network that it is of, where that is not the one of the spec: only in what explains a figure."""
    formula: Formula | None = None
    """A formula of quantities that gives it: only in what explains a figure."""
    protocol: str = ""
    under: Reading | None = None
    """What gives the printed figure, beyond what the source says of it."""
    other: str = ""
    unexplained: str = ""
    tried: tuple[Reading, ...] = ()
    misprint: str = ""
    note: str = ""
    bound: str = ""
    """For what a spec expects of itself: <=, >=, <, > or == before the figure."""

    @property
    def measured(self) -> bool:
        """Whether it was measured: shown, never checked."""
        return kind_of(self.quantity) == "measured"

    @property
    def is_remark(self) -> bool:
        """Whether it is no figure but a remark: recorded, never checked."""
        return self.quantity == REMARK


class Reading(NamedTuple):
    """Another way to count a figure: options that stand in place of its own."""

    node: Node
    options: dict[str, Any]

    def of(self, figure: Figure) -> Figure:
        """Return the figure counted this way; raise NodeError where it cannot be read so."""
        counted = figure._replace(node=self.node, under=None, tried=())
        if "network" in self.options:  # whose layers, arguments and input have nothing to do with this one's
            counted = counted._replace(at=None, without=(), set={}, input=None)
        settings = {**counted.set, **self.options.get("set", {})}
        return with_value(counted._replace(**{**self.options, "set": settings}), self.node)


def with_value(figure: Figure, node: Node) -> Figure:
    """Return a figure with the number that is printed; raise NodeError at the node where it is none."""
    kind = kind_of(figure.quantity)
    if kind == "shape" and (len(figure.printed) > MAX_PRINTED or not any(char.isdigit() for char in figure.printed)):
        raise NodeError(node, f"{readers.shown(node)} is not a shape such as 96x55x55")
    if kind in ("shape", "measured", REMARK):
        return figure
    of_bytes = kind == "bytes" and figure.unit != "values"
    try:
        return figure._replace(value=read_printed(figure.printed, k=figure.k, to=figure.to, is_bytes=of_bytes))
    except ValueError as error:
        raise NodeError(node, str(error)) from None


def _names(node: Node) -> tuple[str, ...]:
    names = tuple(readers.text(node).split())
    if not 1 <= len(names) <= MAX_PRINTED:
        raise NodeError(node, f"expected 1 to {MAX_PRINTED} names of layers, got {len(names)}")
    return names


def _settings(node: Node) -> dict[str, str]:
    if not isinstance(node, Mapping):
        raise NodeError(node, f"expected {{argument: value}}, got {readers.shown(node)}")
    return {key.value: readers.text(value) for key, value in zip(node.keys, node.values, strict=True)}


def _formula(node: Node) -> Formula:
    if not isinstance(node, Scalar) or not is_formula(node):
        raise NodeError(node, f"expected a formula such as =2*model_size, got {readers.shown(node)}")
    return Formula(node, numbers())


def _reading(node: Node) -> Reading:
    if not isinstance(node, Mapping) or not node.keys:
        raise NodeError(node, f"expected {{option: value}}, got {readers.shown(node)}")
    options: dict[str, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key.value not in READING_OPTIONS:
            known = did_you_mean(key.value, READING_OPTIONS) or f"; there are {', '.join(READING_OPTIONS)}"
            raise NodeError(key, f"'{printable(key.value[:60])}' cannot explain a figure{known}")
        options[_FIELDS.get(key.value, key.value)] = READING_OPTIONS[key.value][0](value)
    return Reading(node, options)


def _readings(node: Node) -> tuple[Reading, ...]:
    return tuple(map(_reading, node.items if isinstance(node, Sequence) else [node]))


def _k(node: Node) -> int:
    return int(_thousand(node))


_thousand = readers.choice("1000", "1024")
_NAMES = readers.Reader("names of layers", _names)
_SETTINGS = readers.Reader("{argument: value}", _settings, {"type": "object", "additionalProperties": readers.TEXT})
Option = tuple[readers.Reader[Any], str]

_COUNTING: dict[str, Option] = {
    "at": (_NAMES, "layer or composite that it describes (several with spaces); the whole network if left out"),
    "without": (_NAMES, "layers or composites that are not counted"),
    "bias": (readers.flag, "false: biases are not counted"),
    "norm": (readers.flag, "false: scale and shift of normalisation are not counted"),
    "buffers": (readers.flag, "true: running statistics of normalisation are counted too, as Keras does"),
    "k": (
        readers.Reader(_thousand.expected, _k, _thousand.schema),
        "what K stands for, 1000 or 1024; by default 1000 for counts, 1024 for bytes",
    ),
    "unit": (readers.choice("values", "bytes"), "values: memory is counted in values, not in bytes"),
    "to": (readers.text, "precision where it is coarser than the digits: 100K for 800K printed of 802,816"),
    "round": (readers.choice("up", "down"), "up or down: the source rounds that way, not to the nearest"),
    "convention": (readers.text, "named convention that it was counted by"),
    "count": (readers.text, "the same as convention"),
    "set": (_SETTINGS, "arguments of the spec that it holds for"),
    "input": (readers.text, "input size that it holds for, where the figure is not one of an input"),
    "training": (readers.flag, "true: branches for training are counted"),
}
"""How a figure is counted."""

READING_OPTIONS: dict[str, Option] = {
    **_COUNTING,
    "network": (readers.text, "another network, by its name, that has the figure"),
    "is": (readers.Reader("a formula", _formula), "a formula of quantities that gives the figure"),
}
"""What an explanation can say: how else a figure is counted, of which network, or by which formula."""

_FIELDS = {"count": "convention", "is": "formula"}
"""Options that a :class:`Figure` calls by another name."""


def _schema(options: dict[str, Option]) -> readers.Schema:
    properties = {word: {"description": label, **reader.schema} for word, (reader, label) in options.items()}
    return {"type": "object", "properties": properties, "minProperties": 1, "additionalProperties": False}


_READING = readers.Reader("{option: value}", _reading, _schema(READING_OPTIONS))
_READINGS = readers.Reader(
    "readings",
    _readings,
    {"anyOf": [_READING.schema, {"type": "array", "items": _READING.schema}]},
)

OPTIONS: dict[str, Option] = {
    "cite": (readers.text, "key of the source"),
    "where": (readers.text, "place in the source: table, section, slide"),
    **_COUNTING,
    "order": (readers.choice("chw", "hwc"), "hwc: shapes are printed as height x width x channels"),
    "protocol": (readers.text, "how a measured figure was measured"),
    "under": (_READING, "what gives the figure, beyond what the source says: arguments, a convention, a formula"),
    "other": (readers.text, "what else the figure describes: another quantity, or another network"),
    "unexplained": (readers.text, "why the figure could not be reproduced"),
    "tried": (_READINGS, "with `unexplained`: readings that do not give the figure either"),
    "misprint": (readers.text, "the slip that gives the figure"),
    "note": (readers.text, "a comment on the figure"),
}
"""What an entry can say beside its quantities; ``input`` is a quantity where it is printed as a shape."""

_EXCLUSIVE = ("other", "unexplained", "misprint")


def check_options(figure: Figure) -> None:
    """Raise NodeError for options that contradict each other."""
    given = [word for word in _EXCLUSIVE if getattr(figure, word)]
    if len(given) > 1:
        raise NodeError(figure.node, f"a figure is either '{given[0]}' or '{given[1]}'")
    if figure.unexplained and figure.under:
        raise NodeError(figure.under.node, "a figure that 'under' explains is not 'unexplained'")
    if any("formula" in reading.options for reading in readings(figure)) and kind_of(figure.quantity) == "shape":
        raise NodeError(figure.node, "a formula gives a number, and the figure is a shape")
    if figure.tried and not figure.unexplained:
        raise NodeError(figure.tried[0].node, "'tried' belongs to a figure that is 'unexplained'")


def readings(figure: Figure) -> tuple[Reading, ...]:
    """Return the readings that a figure has beside its own."""
    return figure.tried if figure.under is None else (figure.under, *figure.tried)


def field(word: str) -> str:
    """Return what a :class:`Figure` calls an option."""
    return _FIELDS.get(word, word)
