"""Measured times that come with archcalc, as printed in their sources."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units
from archcalc.text import readers
from archcalc.text.source import read_file
from archcalc.text.tree import Mapping, NodeError, Sequence, read_tree

if TYPE_CHECKING:
    from archcalc.text.source import Source
    from archcalc.text.tree import Node

PHASES = ("forward", "backward", "step")
"""What was timed: the forward pass; forward and backward; a step of training."""


class Origin(NamedTuple):
    """Where measurements are printed, and how they were made."""

    title: str
    url: str
    how: str


class Row(NamedTuple):
    """One measurement: the network, its input size, the batch, and the seconds that the batch took."""

    network: str
    input: int
    batch: int
    seconds: float
    printed: str


class Group(NamedTuple):
    """Measurements of one device, type and phase by one source."""

    device: str
    dtype: str
    tensor: bool | None
    phase: str
    note: str
    origin: Origin
    rows: tuple[Row, ...]


def measured() -> tuple[Group, ...]:
    """Return the measurements that come with archcalc."""
    here = os.path.dirname(os.path.abspath(__file__))
    return read_measured(read_file(os.path.join(here, "measured.yaml")))


def read_measured(source: Source) -> tuple[Group, ...]:
    """Read a file of measurements; raise SpecError if it is invalid."""
    try:
        tree = _words(read_tree(source), ("sources", "groups"))
        origins = {
            key: Origin(**{word: readers.text(value) for word, value in _words(node, Origin._fields).items()})
            for key, node in _words(tree["sources"]).items()
        }
        return tuple(_group(node, origins) for node in _items(tree["groups"]))
    except NodeError as error:
        raise source.error([error.mistake]) from None


_GROUP = ("device", "dtype", "phase", "source", "rows")


def _group(node: Node, origins: dict[str, Origin]) -> Group:
    given = _words(node, _GROUP, ("note", "tensor_cores"))
    return Group(
        readers.text(given["device"]),
        readers.text(given["dtype"]),
        readers.flag(given["tensor_cores"]) if "tensor_cores" in given else None,
        readers.choice(*PHASES)(given["phase"]),
        readers.text(given["note"]) if "note" in given else "",
        origins[readers.choice(*origins)(given["source"])],
        tuple(map(_row, _items(given["rows"]))),
    )


def _row(node: Node) -> Row:
    items = _items(node)
    if len(items) != 4:
        raise NodeError(node, "a row is [network, input, batch, time]")
    input, batch = (readers.whole(1)(item) for item in items[1:3])
    printed = readers.text(items[3])
    seconds = read_time(printed, batch)
    if seconds is None:
        raise NodeError(items[3], "write a time such as 7.1ms, or images a second such as 3730/s")
    return Row(readers.text(items[0]), input, batch, seconds, printed)


_RATE = r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(?:img|images?|imgs)?/s"


def read_time(text: str, batch: int) -> float | None:
    """Read how long a batch took, as a time (7.1ms) or as images a second (3730/s); None for what is neither."""
    found = re.fullmatch(_RATE, text.strip())
    if found is None:
        return units.read_duration(text)
    rate = float(found[1])
    return batch / rate if rate else None


def _words(node: Node, required: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> dict[str, Node]:
    """Return a mapping's values by word; raise NodeError for another node, and for words that lack or are unknown."""
    if not isinstance(node, Mapping):
        raise NodeError(node, f"a mapping with {', '.join(required)} is needed")
    found: dict[str, Any] = {key.value: value for key, value in zip(node.keys, node.values, strict=True)}
    for key in node.keys:
        if required and key.value not in (*required, *optional):
            raise NodeError(key, f"no word '{key.value}'; there are {', '.join((*required, *optional))}")
    for word in required:
        if word not in found:
            raise NodeError(node, f"'{word}' is missing")
    return found


def _items(node: Node) -> list[Node]:
    if not isinstance(node, Sequence):
        raise NodeError(node, "a list is needed")
    return node.items
