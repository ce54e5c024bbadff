"""Activation memory as a sum: the default and its neighbours, and the named conventions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.memory.backward import BITS
from archcalc.analyses.memory.graph import Graph
from archcalc.analyses.memory.timeline import INDICES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.report import Report


class Sum(NamedTuple):
    """A rule of adding up, with its label, and its sum for the whole batch; ``named`` rules are conventions."""

    rule: str
    label: str
    values: int
    bytes: int
    named: bool = False


def sums(report: Report) -> Iterator[Sum]:
    """Yield sums of the activation memory: the plain one, those that differ in one rule, and those of conventions."""
    setup, layers = report.setup, report.layers

    def of(rule: str, label: str, values: int) -> Sum:
        return Sum(rule, label, values, setup.bytes_of(values))

    stored = report.memory_values
    yield Sum("stored", "stored outputs, the input image included", stored, report.memory_bytes)
    yield of("without_input", "without the input image", stored - layers[0].memory_values)
    apart = sum(layer.output_values for layer in layers if not layer.operation.stores and not layer.operation.view)
    if apart:
        yield of("not_in_place", "activations, dropout and softmax not in place", stored + apart)
    folded = Graph(layers, fold=True).folded
    if folded:
        merged = sum(layer.memory_values for layer in layers if layer.position in folded)
        yield of("folded", "batch norm folded into the layer before it", stored - merged)
    indices = sum(layer.output_values for layer in layers if layer.operation.saved_for_backward == INDICES)
    if indices:
        size = report.memory_bytes + indices * BITS[INDICES] // 8
        yield Sum("with_indices", "with an index of 4 bytes for each output of max pooling", stored + indices, size)
    yield from _named(report)


def _named(report: Report) -> Iterator[Sum]:
    """Yield the sums of the conventions that have a rule for memory."""
    from archcalc.conventions.convention import conventions
    from archcalc.conventions.rules import grouped

    grouped_report = grouped(report)
    for convention in conventions().values():
        if convention.memories is not None:
            values = convention.total_memory_values(grouped_report)
            a_tool = convention.has_cost or convention.title.startswith(convention.name)
            label = f"as {convention.name} counts it" if a_tool else f"{convention.name}: {convention.title}"
            yield Sum(convention.name, label, values, report.setup.bytes_of(values), named=True)
