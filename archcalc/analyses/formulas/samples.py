"""A network's quantities at points, computed once each; where the network cannot be built, why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.rows import rows
from archcalc.analyses.variants import Base, reason, variant
from archcalc.errors import RequestError, SpecError

if TYPE_CHECKING:
    from archcalc.analyses.formulas.variables import Variables
    from archcalc.engine.report import Report
    from archcalc.operations.base import Shape

    Point = tuple[int, ...]

TOTALS = ("params", "macs", "memory_values", "depth")
"""The quantities of a whole network, by their names among the totals of a report."""

OF_ROWS = ("params", "macs", "memory_values")
"""The quantities of a row of the layer table."""

INPUT_VALUES = "input_values"
"""The values of the input image among the memory values."""

LABELS = {
    "params": "params", "macs": "MACs", "memory_values": "memory values", "depth": "depth",
    INPUT_VALUES: "input values",
}  # fmt: skip

MAX_LAYERS_SAMPLED = 50_000
"""Layers of a network beyond which it is not analysed at larger values still."""


class Quantity(NamedTuple):
    """A quantity of the whole network, or of one of its rows."""

    word: str
    row: str = ""

    def __str__(self) -> str:
        """Name it in a sentence."""
        return LABELS[self.word] + (f" of {self.row}" if self.row else "")


Values = dict[Quantity, int]


class Rows(NamedTuple):
    """How far the rows are unfolded whose formulas are found."""

    depth: int = 1
    every: bool = False


class Samples:
    """The quantities at each point that was looked at."""

    def __init__(self, base: Base, variables: Variables, unfolded: Rows | None = None) -> None:
        self.base = base
        self.variables = variables
        self.unfolded = unfolded
        self.values: dict[Point, Values] = {}
        self.reasons: dict[Point, str] = {}
        self.layers: dict[Point, int] = {}
        self.inputs: set[tuple[Shape, ...]] = set()
        """The shapes of the inputs that were met."""

    def at(self, point: Point) -> Values | None:
        """Return the quantities at a point, or None where the network cannot be built, which ``reasons`` says."""
        if point not in self.values and point not in self.reasons:
            try:
                report = variant(self.base, self.variables.values_at(point)).report()
            except SpecError as error:
                self.reasons[point] = reason(error)
            except RequestError as error:
                self.reasons[point] = str(error)
            else:
                self.layers[point] = report.layer_count
                self.inputs.add(tuple(report.inputs.values()))
                self.values[point] = quantities(report, self.unfolded)
        return self.values.get(point)

    def shown(self, point: Point) -> str:
        """Write a point: ``n = 3``, ``H = 2, W = 5``."""
        return ", ".join(f"{name} = {value}" for name, value in zip(self.variables.names, point, strict=True))


def quantities(report: Report, unfolded: Rows | None = None) -> Values:
    """Return the totals of a report, and the sums of its rows if they are unfolded."""
    values = {Quantity(word): getattr(report, word) for word in TOTALS}
    images = sum(shape.values for shape in report.inputs.values())
    values[Quantity(INPUT_VALUES)] = images * report.setup.batch
    if unfolded is not None:
        for row in rows(report, unfolded.depth, every=unfolded.every):
            if row.heading:
                continue
            stored = sum(layer.memory_values for layer in row.layers)
            sums: tuple[Any, ...] = (row.params, row.macs, stored)
            values.update((Quantity(word, row.path), value) for word, value in zip(OF_ROWS, sums, strict=True))
    return values
