"""Reading files of devices."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.devices.device import KINDS, Device, Peak
from archcalc.engine.layer import DTYPES
from archcalc.errors import did_you_mean, one_of
from archcalc.text import readers
from archcalc.text.tree import Mapping, NodeError, Scalar, read_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.text.source import Source
    from archcalc.text.tree import Node

_SI = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15}
_LARGEST = 10**20
"""The largest rate, in operations or bytes a second."""

_OPERATIONS = r"(?:(?:FL)?OPS?(?:/s)?)?"
_AMOUNT = r"(?P<digits>[0-9]{1,15}(?:\.[0-9]{1,9})?)\s*(?P<unit>[kKMGTP]?)"


def read_devices(source: Source) -> dict[str, Device]:
    """Read a file of devices; raise SpecError if it is invalid."""
    try:
        tree = read_tree(source)
        if not isinstance(tree, Mapping) or not tree.keys:
            raise NodeError(tree, "devices are a mapping from name to what is known of each")
        return {key.value: _device(key, value) for key, value in zip(tree.keys, tree.values, strict=True)}
    except NodeError as error:
        raise source.error([error.mistake]) from None


def _device(key: Scalar, node: Node) -> Device:
    if not isinstance(node, Mapping):
        raise NodeError(node, f"a device is a mapping with {', '.join(_WORDS)}")
    given: dict[str, Any] = {}
    for word, value in zip(node.keys, node.values, strict=True):
        if word.value not in _WORDS:
            raise NodeError(word, f"a device has no '{word.value}'{did_you_mean(word.value, _WORDS)}")
        field, read = _WORDS[word.value]
        given[field] = read(value)
    if not {"memory", "bandwidth"} & set(given):
        raise NodeError(key, "a device needs its memory, or its bandwidth and a peak")
    for field, others, lacks in (
        ("bandwidth", ("plain", "tensor"), "a peak"),
        ("plain", ("bandwidth",), "its bandwidth"),
        ("tensor", ("bandwidth",), "its bandwidth"),
    ):
        if field in given and not any(other in given for other in others):
            raise NodeError(key, f"a device with {_word_of(field)} needs {lacks} too")
    return Device(**{"name": key.value, "title": key.value, **given})


def _word_of(field: str) -> str:
    return next(word for word, (name, _) in _WORDS.items() if name == field)


def _memory(node: Node) -> int:
    size = units.read_memory(readers.text(node))
    if not size:
        raise NodeError(node, "write a size such as 3GB or 1536MB")
    return size


def _amount(node: Node, ending: str, example: str) -> int:
    """Read a positive amount of which K, M, G, T are powers of 1000."""
    match = re.fullmatch(_AMOUNT + ending, readers.text(node).strip())
    amount = Fraction(match["digits"]) * _SI[match["unit"]] if match else Fraction(0)
    if not 1 <= amount <= _LARGEST:
        raise NodeError(node, f"write {example}")
    return int(amount)


def _bandwidth(node: Node) -> int:
    return _amount(node, r"B/s", "a bandwidth such as 936GB/s")


def _clock(node: Node) -> int:
    return _amount(node, r"Hz", "a clock such as 4GHz")


def _peak(node: Node) -> Peak:
    if not isinstance(node, Mapping):
        return Peak(_amount(node, _OPERATIONS, "a peak such as 35.6T, or {cores: , per_cycle: , clock: }"))
    parts = {key.value: value for key, value in zip(node.keys, node.values, strict=True)}
    if sorted(parts) != ["clock", "cores", "per_cycle"]:
        raise NodeError(node, "a derived peak has cores, per_cycle (operations of a core in a cycle) and clock")
    cores, per_cycle = (readers.whole(1)(parts[word]) for word in ("cores", "per_cycle"))
    clock = _clock(parts["clock"])
    if cores * per_cycle * clock > _LARGEST:
        raise NodeError(node, f"a peak of more than {_LARGEST:,} operations a second")
    return Peak(cores * per_cycle * clock, cores, per_cycle, clock)


def _peaks(*also: str) -> Callable[[Node], dict[str, Peak]]:
    words = (*DTYPES, *also)

    def read(node: Node) -> dict[str, Peak]:
        if not isinstance(node, Mapping) or not node.keys:
            raise NodeError(node, "peaks are a mapping from type to operations a second: {float32: 35.6T}")
        peaks = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key.value not in words:
                hint = did_you_mean(key.value, words) or f"; write {one_of(words)}"
                raise NodeError(key, f"no type '{key.value}'{hint}")
            dtype = "float32" if key.value == "tf32" else key.value
            if dtype in peaks:
                raise NodeError(key, "tf32 is what float32 means on tensor cores; write one of them")
            peaks[dtype] = _peak(value)
        return peaks

    return read


_WORDS: dict[str, tuple[str, Callable[[Node], Any]]] = {
    "title": ("title", readers.text),
    "kind": ("kind", readers.choice(*KINDS)),
    "year": ("year", readers.whole(1940)),
    "memory": ("memory", _memory),
    "bandwidth": ("bandwidth", _bandwidth),
    "peak": ("plain", _peaks()),
    "tensor": ("tensor", _peaks("tf32")),
    "source": ("source", readers.text),
    "aliases": ("aliases", readers.list_of(readers.text)),
}
"""The words about a device in a file: the field that each fills, and its reader."""
