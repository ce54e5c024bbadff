"""Ways of counting layers, archcalc's own or a convention's, and the sums of a network under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report
    from archcalc.published.figure import Figure


class Sums(Record):
    """The sums of a network under one way of counting, for the whole batch."""

    params: int
    model_bytes: int
    memory_bytes: int
    work: int


class Counting(Record):
    """A way of counting: archcalc's own or a convention's; work in MACs or in FLOPs, which are twice as many.

    Parameters of archcalc's own count are with or without ``biases``.
    """

    convention: Convention | None = None
    flops: bool = False
    biases: bool = True

    def within(self, report: Report) -> Counting:
        """Return the same way of counting for the layers of one report, whose surroundings a convention can ask for."""
        return self if self.convention is None else self.replace(convention=self.convention.within(report))

    @property
    def work_name(self) -> str:
        """The name of the unit of work."""
        if self.convention is not None and self.convention.has_cost:
            return "ops"
        return "FLOPs" if self.flops else "MACs"

    def params(self, layers: Sequence[Layer]) -> int:
        """Return the parameters of some layers."""
        if self.convention is not None:
            return sum(self.convention.params(layer) for layer in layers)
        return sum(layer.params - self._left_out(layer.params_by_kind) for layer in layers)

    def _left_out(self, params_by_kind: dict[str, int]) -> int:
        return 0 if self.biases else params_by_kind.get("bias", 0)

    def values(self, layers: Sequence[Layer]) -> int:
        """Return the values that some layers store, for the whole batch."""
        if self.convention is not None:
            return sum(self.convention.memory_values(layer) for layer in layers)
        return sum(layer.memory_values for layer in layers)

    def work(self, layers: Sequence[Layer]) -> int:
        """Return the work of some layers, for the whole batch."""
        if self.convention is not None:
            return sum(self.convention.cost(layer) for layer in layers)
        return sum(layer.macs for layer in layers) * (2 if self.flops else 1)

    def memory_bytes(self, layers: Sequence[Layer]) -> int:
        """Return the activation memory of some layers, for the whole batch."""
        if self.convention is not None:
            return sum(self.convention.memory_bytes(layer) for layer in layers)
        return sum(layer.memory_bytes for layer in layers)

    def sums(self, report: Report) -> Sums:
        """Return the sums of a network; its layers add up to them."""
        if self.convention is None:
            work = report.macs * (2 if self.flops else 1)
            params = report.params - self._left_out(report.totals.params_by_kind)
            return Sums(params, report.setup.bytes_of(params), report.memory_bytes, work)
        from archcalc.conventions.rules import grouped

        setup, layers = report.setup, grouped(report)
        params = self.convention.total_params(layers)
        memory = setup.bytes_of(self.convention.total_memory_values(layers))
        if setup.bits % 8:  # each layer is rounded up to a whole byte
            memory = self.within(report).memory_bytes(report.layers)
        return Sums(params, setup.bytes_of(params), memory, self.convention.total_cost(layers))


OWN = Counting()
"""archcalc's own way of counting."""


class PrintedTotal(Record):
    """The activation memory of a network under a convention, and the figures printed under it."""

    convention: Convention
    values: int
    figures: tuple[Figure, ...]


def printed_totals(report: Report) -> Iterator[PrintedTotal]:
    """Yield the totals under the conventions of a network's printed figures of activation memory."""
    from archcalc.conventions.convention import find
    from archcalc.published.figures import figures

    printed: dict[str, list[Figure]] = {}
    for figure in figures(report.network.spec):
        counted = figure if figure.under is None else figure.under.of(figure)
        if counted.convention is not None and counted.quantity == "memory" and not (counted.at or counted.set):
            printed.setdefault(counted.convention, []).append(figure)
    for name, under in printed.items():
        convention = find(name)
        yield PrintedTotal(convention, convention.total_memory_values(report), tuple(under))
