"""Conventions: named, sourced rules that turn what a layer comes to into its cost, its memory or its parameters.

The rules are data (conventions.yaml, or a file of the user's), in the formulas of the spec language.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.operations import KINDS_OF_WORK, OPERATIONS
from archcalc.spec import readers
from archcalc.spec.formula import Formula, Scope, is_formula
from archcalc.spec.source import Source, read_file
from archcalc.spec.tree import Mapping, Node, Scalar, Wrong, read_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report

QUANTITIES: dict[str, Callable[[Layer, Any], int]] = {
    "in_values": lambda layer, operation: sum(shape.values for shape in layer.inputs),
    "out_values": lambda layer, operation: layer.output.values,
    "stored_values": lambda layer, operation: layer.counted.stored,
    "inputs": lambda layer, operation: len(layer.inputs),
    "weights": lambda layer, operation: layer.counted.params_by_kind.get("weight", 0),
    "biases": lambda layer, operation: layer.counted.params_by_kind.get("bias", 0),
    "norms": lambda layer, operation: layer.counted.params_by_kind.get("norm", 0),
    "params": lambda layer, operation: layer.counted.params,
    "buffers": lambda layer, operation: layer.counted.buffers,
    "channels": lambda layer, operation: layer.output.channels,
    "out_height": lambda layer, operation: layer.output.height,
    "out_width": lambda layer, operation: layer.output.width,
    "kernel_height": lambda layer, operation: _side(operation, "kernel", 0),
    "kernel_width": lambda layer, operation: _side(operation, "kernel", 1),
    "stride_height": lambda layer, operation: _side(operation, "step", 0),
    "stride_width": lambda layer, operation: _side(operation, "step", 1),
    "dilation_height": lambda layer, operation: _side(operation, "dilation", 0),
    "dilation_width": lambda layer, operation: _side(operation, "dilation", 1),
    "pad_height": lambda layer, operation: _pad(operation, 0),
    "pad_width": lambda layer, operation: _pad(operation, 1),
    "groups": lambda layer, operation: getattr(operation, "groups", 1),
    "neighbours": lambda layer, operation: getattr(operation, "neighbours", 1),
}
"""What the formulas of a convention can use, beside the kinds of work and the shape that flows in."""

NAMES = frozenset((*KINDS_OF_WORK, *QUANTITIES))

WORDS = ("title", "says", "source", "unit", "cost", "memory", "params")


def _side(operation: Any, name: str, axis: int) -> int:
    return int((getattr(operation, name, None) or (1, 1))[axis])


def _pad(operation: Any, axis: int) -> int:
    """Return the padding of one side in front; what ``same`` adds is no setting and is not known here."""
    pad = getattr(operation, "pad", None)
    return int(pad[axis * len(pad) // 2]) if isinstance(pad, tuple) else 0


class Rules(NamedTuple):
    """A formula for each operation; ``default`` holds for the rest."""

    source: Source
    by_operation: dict[str, Formula | int]

    def value(self, layer: Layer, without: Sequence[str] = ()) -> int:
        """Return what the rule of a layer gives for one run of one image, some of the quantities taken as 0."""
        rule = self.by_operation.get(layer.op, self.by_operation["default"])
        if isinstance(rule, int):
            return rule
        values = _quantities(layer)
        values.update(dict.fromkeys(without, 0))
        shape = layer.inputs[0] if layer.inputs else layer.output
        try:
            return readers.number(Scalar(rule.evaluate(Scope(values, shape)), True, *_place(rule))).__floor__()  # type: ignore[no-any-return]
        except Wrong as wrong:
            raise self.source.error([wrong.mistake]) from None

    def total(self, layers: Sequence[Layer], runs: Callable[[Layer], int]) -> int:
        """Add up layers, each as often as it runs; equal ones are worked out once."""
        known: dict[int, int] = {}
        whole = 0
        for layer in layers:
            key = id(layer.node.fit)
            if key not in known:
                known[key] = self.value(layer)
            whole += known[key] * runs(layer)
        return whole


def _place(rule: Formula) -> tuple[int, int]:
    return rule.node.line, rule.node.column


def _quantities(layer: Layer) -> dict[str, int]:
    ops, operation = layer.counted.ops, layer.operation
    found = {kind: ops.get(kind, 0) for kind in KINDS_OF_WORK}
    for name, quantity in QUANTITIES.items():
        found[name] = quantity(layer, operation)
    return found


class Convention(NamedTuple):
    """A rule of counting: by operation, formulas of the cost, of the values in memory, of the parameters."""

    name: str
    title: str
    says: str
    source: str
    unit: str
    costs: Rules | None
    memories: Rules | None
    parameters: Rules | None

    @property
    def has_cost(self) -> bool:
        """Whether it counts work in a way of its own."""
        return self.costs is not None

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it counts in a way of its own: work, memory, params."""
        rules = {"work": self.costs, "memory": self.memories, "params": self.parameters}
        return tuple(word for word, rule in rules.items() if rule is not None)

    def cost(self, layer: Layer) -> int:
        """Return the work of a layer, for the whole batch."""
        return layer.macs if self.costs is None else self.costs.value(layer) * _runs(layer)

    def memory_values(self, layer: Layer) -> int:
        """Return the values of a layer in memory, for the whole batch."""
        return layer.memory_values if self.memories is None else self.memories.value(layer) * _runs(layer)

    def memory_bytes(self, layer: Layer) -> int:
        """Return the memory of a layer."""
        return layer.basis.bytes_of(self.memory_values(layer))

    def params(self, layer: Layer) -> int:
        """Return the parameters of a layer."""
        return layer.params if self.parameters is None else self.parameters.value(layer)

    def total_cost(self, report: Report) -> int:
        """Return the work of a network."""
        return report.macs if self.costs is None else self.costs.total(report.layers, _runs)

    def total_memory_values(self, report: Report) -> int:
        """Return the values of a network in memory."""
        return report.memory_values if self.memories is None else self.memories.total(report.layers, _runs)

    def total_params(self, report: Report) -> int:
        """Return the parameters of a network."""
        return report.params if self.parameters is None else self.parameters.total(report.layers, lambda layer: 1)


def _runs(layer: Layer) -> int:
    return layer.times * layer.basis.batch


def find(name: str) -> Convention:
    """Return archcalc's convention of a name; raise RequestError where there is none."""
    return _chosen(name, conventions(), "")


def asked(name: str) -> Convention:
    """Return the convention that a user asks for: by name, or in a file (FILE.yaml, FILE.yaml:NAME)."""
    if not (name.endswith((".yaml", ".yml")) or ".yaml:" in name or ".yml:" in name):
        return find(name)
    path, _, chosen = (name, "", "") if name.endswith((".yaml", ".yml")) else name.rpartition(":")
    known = read_conventions(read_file(path))
    if not chosen and len(known) == 1:
        return next(iter(known.values()))
    if not chosen:
        raise RequestError(f"{printable(path)} holds several conventions ({', '.join(known)}): add :NAME to choose one")
    return _chosen(chosen, known, f"{printable(path)} has ")


def _chosen(name: str, known: dict[str, Convention], before: str) -> Convention:
    if name not in known:
        hint = did_you_mean(name, known)
        raise RequestError(f"{before}no convention '{printable(name[:100])}'{hint}; there are {', '.join(known)}")
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
        if not isinstance(tree, Mapping) or not tree.keys:
            raise Wrong(tree, "conventions are a mapping from name to rules")
        return {key.value: _read(source, key, value) for key, value in zip(tree.keys, tree.values, strict=True)}
    except Wrong as wrong:
        raise source.error([wrong.mistake]) from None


def _read(source: Source, key: Scalar, node: Node) -> Convention:
    if not isinstance(node, Mapping):
        raise Wrong(node, "a convention is a mapping with title, says, source, and cost, memory or params")
    given = {word.value: value for word, value in zip(node.keys, node.values, strict=True)}
    for word in node.keys:
        if word.value not in WORDS:
            raise Wrong(word, f"a convention has no '{word.value}'{did_you_mean(word.value, WORDS)}")
    for wanted in ("title", "says", "source"):
        if wanted not in given:
            raise Wrong(key, f"a convention wants '{wanted}'")
    title, says, where = (readers.text(given[word]) for word in ("title", "says", "source"))
    unit = readers.text(given["unit"]) if "unit" in given else "ops"
    rules = [_rules(source, given.get(word)) for word in ("cost", "memory", "params")]
    if not any(rules):
        raise Wrong(key, "a convention wants rules: cost, memory or params")
    return Convention(key.value, title, says, where, unit, *rules)


def _rules(source: Source, node: Node | None) -> Rules | None:
    if node is None:
        return None
    if not isinstance(node, Mapping) or node.get("default") is None:
        raise Wrong(node, "rules are a mapping from operation to formula, with a default")
    rules: dict[str, Formula | int] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        rule: Formula | int = Formula(value, NAMES) if is_formula(value) else readers.whole(0)(value)  # type: ignore[arg-type]
        for word in key.value.split():
            if word not in ("default", "input", *OPERATIONS):
                raise Wrong(key, f"no operation '{word}'{did_you_mean(word, OPERATIONS)}")
            if word in rules:
                raise Wrong(key, f"'{word}' has a rule already")
            rules[word] = rule
    return Rules(source, rules)
