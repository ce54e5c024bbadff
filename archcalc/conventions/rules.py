"""Rules: a formula for each operation over the quantities of a layer; conventions are made of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.conventions.context import ALONE, Context, contexts
from archcalc.language.formula import Formula, Scope
from archcalc.operations import KINDS_OF_WORK
from archcalc.text import readers
from archcalc.text.tree import NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report
    from archcalc.text.source import Source

QUANTITIES: dict[str, Callable[[Layer, Any], int]] = {
    "in_values": lambda layer, operation: sum(shape.values for shape in layer.inputs),
    "out_values": lambda layer, operation: layer.output.values,
    "stored_values": lambda layer, operation: layer.counts.stored,
    "inputs": lambda layer, operation: len(layer.inputs),
    "weights": lambda layer, operation: layer.counts.params_by_kind.get("weight", 0),
    "biases": lambda layer, operation: layer.counts.params_by_kind.get("bias", 0),
    "norms": lambda layer, operation: layer.counts.params_by_kind.get("norm", 0),
    "params": lambda layer, operation: layer.counts.params,
    "buffers": lambda layer, operation: layer.counts.buffers,
    "channels": lambda layer, operation: layer.output.channels,
    "out_height": lambda layer, operation: layer.output.height,
    "out_width": lambda layer, operation: layer.output.width,
    "kernel_height": lambda layer, operation: _side(operation, "kernel", 0),
    "kernel_width": lambda layer, operation: _side(operation, "kernel", 1),
    "stride_height": lambda layer, operation: _side(operation, "resolved_stride", 0),
    "stride_width": lambda layer, operation: _side(operation, "resolved_stride", 1),
    "dilation_height": lambda layer, operation: _side(operation, "dilation", 0),
    "dilation_width": lambda layer, operation: _side(operation, "dilation", 1),
    "pad_height": lambda layer, operation: _pad(operation, 0),
    "pad_width": lambda layer, operation: _pad(operation, 1),
    "groups": lambda layer, operation: getattr(operation, "groups", 1),
    "neighbours": lambda layer, operation: getattr(operation, "neighbours", 1),
}
"""What the formulas of a convention can use of a layer, beside the kinds of work and the shape that flows in."""

NAMES = frozenset((*KINDS_OF_WORK, *QUANTITIES, *Context._fields))


def _side(operation: Any, name: str, axis: int) -> int:
    return int((getattr(operation, name, None) or (1, 1))[axis])


def _pad(operation: Any, axis: int) -> int:
    """Return the padding of one side in front; what ``same`` adds is no setting and is not known here."""
    pad = getattr(operation, "pad", None)
    return int(pad[axis * len(pad) // 2]) if isinstance(pad, tuple) else 0


class LayerGroup(NamedTuple):
    """Equal layers: one, what formulas see of it, how often all run for the batch, how many have own weights."""

    layer: Layer
    scope: Scope
    runs: int
    layers: int


class GroupedReport(NamedTuple):
    """A report with its distinct layers, so that many conventions are applied to each of them once."""

    report: Report
    groups: tuple[LayerGroup, ...]


def grouped(report: Report) -> GroupedReport:
    """Gather the layers of a report that are equal and stand in equal surroundings."""
    known = contexts(report)
    first: dict[tuple[int, Context], Layer] = {}
    runs: dict[tuple[int, Context], int] = {}
    layers: dict[tuple[int, Context], int] = {}
    for layer in report.layers:
        key = (id(layer.node.applied), known.get(layer.position, ALONE))
        first.setdefault(key, layer)
        runs[key] = runs.get(key, 0) + runs_of(layer)
        layers[key] = layers.get(key, 0) + (not layer.shares_weights)
    groups = (LayerGroup(layer, scope_of(layer, key[1]), runs[key], layers[key]) for key, layer in first.items())
    return GroupedReport(report, tuple(groups))


def runs_of(layer: Layer) -> int:
    """Return how often a layer runs for the whole batch."""
    return layer.times * layer.setup.batch


def scope_of(layer: Layer, context: Context = ALONE) -> Scope:
    """Return what a formula sees of a layer: its quantities and surroundings, and the shape that flows in."""
    ops, operation = layer.counts.ops, layer.operation
    values = {kind: ops.get(kind, 0) for kind in KINDS_OF_WORK}
    for name, quantity in QUANTITIES.items():
        values[name] = quantity(layer, operation)
    values.update(context._asdict())
    return Scope(values, layer.inputs[0] if layer.inputs else layer.output)


class Rules(NamedTuple):
    """A formula for each operation; ``default`` holds for the rest."""

    source: Source
    by_operation: dict[str, Formula | int]

    def value(self, layer: Layer, scope: Scope | None = None) -> int:
        """Return what the rule of a layer gives for one run of one image."""
        rule = self.by_operation.get(layer.op)
        if rule is None:
            rule = self.by_operation["default"]
        if isinstance(rule, int):
            return rule
        try:
            value = rule.evaluate(scope or scope_of(layer))
            return value if value.__class__ is int else _floor(rule, value)
        except NodeError as error:
            raise self.source.error([error.mistake]) from None

    def formula(self, layer: Layer) -> str:
        """Return the formula of a layer as it is written."""
        rule = self.by_operation.get(layer.op, self.by_operation["default"])
        return str(rule) if isinstance(rule, int) else rule.text

    def total(self, report: GroupedReport) -> int:
        """Add up all runs of all layers."""
        return sum(self.value(group.layer, group.scope) * group.runs for group in report.groups)


def with_numbers(formula: str, scope: Scope) -> str:
    """Return a formula with the numbers of a scope in place of the names."""
    flow = {"in_channels": scope.shape.channels, "in_height": scope.shape.height, "in_width": scope.shape.width}
    values = {**scope.values, **flow}
    return re.sub(r"[a-z_]+", lambda name: f"{values[name[0]]:,}" if name[0] in values else name[0], formula)


def _floor(rule: Formula, value: Any) -> int:
    """Cut a fraction off, as tools that count in whole numbers do; raise NodeError for what is no number."""
    node = Scalar(value, True, rule.node.line, rule.node.column)
    return int(readers.number(node) // 1)
