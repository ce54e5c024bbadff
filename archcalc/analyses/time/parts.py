"""Parts of an estimate: the cost of any layers, of each operation, and of the passes that memory bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.time.estimate import MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.analyses.time.estimate import Cost, Estimate
    from archcalc.analyses.time.passes import Pass
    from archcalc.engine.layer import Layer


class CostOfLayers:
    """The cost of any layers at inference; their passes are looked up once."""

    def __init__(self, estimate: Estimate) -> None:
        self.rates = estimate.rates
        self.passes = {step.layer.position: step for step in estimate.passes if step.layer is not None}

    def __call__(self, layers: Iterable[Layer]) -> Cost:
        """Return the cost of some layers together; layers without a pass, such as views, cost nothing."""
        return self.rates.cost(self.passes[layer.position] for layer in layers if layer.position in self.passes)


class OperationCost(NamedTuple):
    """The passes of one operation: their number and cost."""

    op: str
    passes: int
    cost: Cost


def by_operation(estimate: Estimate) -> list[OperationCost]:
    """Return the cost of inference by operation, the longest first."""
    passes_of: dict[str, list[Pass]] = {}
    for step in estimate.passes:
        if step.layer is not None:
            passes_of.setdefault(step.layer.op, []).append(step)
    costs = [OperationCost(op, len(passes), estimate.rates.cost(passes)) for op, passes in passes_of.items()]
    return sorted(costs, key=lambda operation: -operation.cost.seconds)


class MemoryBound(NamedTuple):
    """The passes in which memory takes longer than arithmetic: how many, and how long they take together."""

    passes: int
    seconds: float


def memory_bound(estimate: Estimate) -> MemoryBound:
    """Return the passes of inference that memory bounds, without calibration."""
    costs = (estimate.rates.cost([step]) for step in estimate.passes)
    bound = [cost.seconds for cost in costs if cost.bound == MEMORY]
    return MemoryBound(len(bound), sum(bound))
