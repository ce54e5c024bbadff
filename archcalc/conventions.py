"""Conventions: named, sourced rules that turn what a layer comes to into its cost, or its share of the memory.

The rules are data (conventions.yaml), in the formulas of the spec language.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from archcalc.errors import RequestError, did_you_mean
from archcalc.operations import KINDS_OF_WORK, OPERATIONS
from archcalc.spec import readers
from archcalc.spec.formula import Formula, Scope, is_formula
from archcalc.spec.source import Source, read_file
from archcalc.spec.tree import Mapping, Node, Scalar, Wrong, read_tree

if TYPE_CHECKING:
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report

NAMES = frozenset(
    (*KINDS_OF_WORK, "in_values", "out_values", "stored_values", "weights", "biases", "norms", "params", "channels",
     "kernel_height", "kernel_width")
)  # fmt: skip
"""What the formulas of a convention can use."""

WORDS = ("title", "says", "source", "cost", "memory")

Rules = dict[str, "Formula | int"]


class Convention(NamedTuple):
    """A rule of counting: by operation, a formula of the cost and one of the values in memory."""

    name: str
    title: str
    says: str
    source: str
    costs: Rules
    memories: Rules

    @property
    def has_cost(self) -> bool:
        """Whether it counts work in a way of its own."""
        return bool(self.costs)

    def cost(self, layer: Layer) -> int:
        """Return the work of a layer, for the whole batch."""
        if not self.costs:
            return layer.macs
        return _apply(self.costs, layer) * layer.times * layer.basis.batch

    def memory_values(self, layer: Layer) -> int:
        """Return the values of a layer in memory, for the whole batch."""
        if not self.memories:
            return layer.memory_values
        return _apply(self.memories, layer) * layer.times * layer.basis.batch

    def memory_bytes(self, layer: Layer) -> int:
        """Return the memory of a layer."""
        return layer.basis.bytes_of(self.memory_values(layer))

    def total_cost(self, report: Report) -> int:
        """Return the work of a network."""
        return sum(self.cost(layer) for layer in report.layers)

    def total_memory_values(self, report: Report) -> int:
        """Return the values of a network in memory."""
        return sum(self.memory_values(layer) for layer in report.layers)


def _apply(rules: Rules, layer: Layer) -> int:
    rule = rules.get(layer.op, rules["default"])
    if isinstance(rule, int):
        return rule
    return int(rule.evaluate(Scope(_quantities(layer), layer.output)))


def _quantities(layer: Layer) -> dict[str, int]:
    counted = layer.counted
    kernel = getattr(layer.operation, "kernel", None) or (1, 1)
    by_kind = counted.params_by_kind
    return {
        **{kind: counted.ops.get(kind, 0) for kind in KINDS_OF_WORK},
        "in_values": sum(shape.values for shape in layer.inputs),
        "out_values": layer.output.values,
        "stored_values": counted.stored,
        "weights": by_kind.get("weight", 0),
        "biases": by_kind.get("bias", 0),
        "norms": by_kind.get("norm", 0),
        "params": counted.params,
        "channels": layer.output.channels,
        "kernel_height": kernel[0],
        "kernel_width": kernel[1],
    }


def find(name: str) -> Convention:
    """Return the convention of a name; raise RequestError where there is none."""
    known = conventions()
    if name not in known:
        raise RequestError(f"no convention '{name}'{did_you_mean(name, known)}; there are {', '.join(known)}")
    return known[name]


_known: dict[str, Convention] = {}


def conventions() -> dict[str, Convention]:
    """Return archcalc's conventions by name."""
    if not _known:
        here = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib costs start-up time
        _known.update(read_conventions(read_file(os.path.join(here, "conventions.yaml"))))  # noqa: PTH118
    return _known


def read_conventions(source: Source) -> dict[str, Convention]:
    """Read a file of conventions; raise SpecError where one is not right."""
    try:
        tree = read_tree(source)
        if not isinstance(tree, Mapping):
            raise Wrong(tree, "conventions are a mapping from name to rules")
        return {key.value: _read(key, value) for key, value in zip(tree.keys, tree.values, strict=True)}
    except Wrong as wrong:
        raise source.error([wrong.mistake]) from None


def _read(key: Scalar, node: Node) -> Convention:
    if not isinstance(node, Mapping):
        raise Wrong(node, "a convention is a mapping with title, says, source, and cost or memory")
    given = {word.value: value for word, value in zip(node.keys, node.values, strict=True)}
    for word in node.keys:
        if word.value not in WORDS:
            raise Wrong(word, f"a convention has no '{word.value}'{did_you_mean(word.value, WORDS)}")
    title, says, source = (readers.text(given.get(word, key)) for word in ("title", "says", "source"))
    return Convention(key.value, title, says, source, _rules(given.get("cost")), _rules(given.get("memory")))


def _rules(node: Node | None) -> Rules:
    if node is None:
        return {}
    if not isinstance(node, Mapping) or node.get("default") is None:
        raise Wrong(node, "rules are a mapping from operation to formula, with a default")
    rules: Rules = {}
    for word, value in zip(node.keys, node.values, strict=True):
        if word.value != "default" and word.value not in OPERATIONS:
            raise Wrong(word, f"no operation '{word.value}'{did_you_mean(word.value, OPERATIONS)}")
        rules[word.value] = Formula(value, NAMES) if is_formula(value) else readers.whole(0)(value)  # type: ignore[arg-type]
    return rules
