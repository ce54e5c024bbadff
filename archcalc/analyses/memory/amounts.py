"""Memory and training work of some layers, such as those of a row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archcalc.analyses.memory.analysis import Memory
    from archcalc.engine.layer import Layer


class Amounts(NamedTuple):
    """Bytes and MACs of some layers, for the whole batch. Amounts of training are None if nothing is trained."""

    stored_bytes: int
    alive_bytes: int | None
    """The most that is in memory while one of them runs; None if none runs (views, folded normalisation)."""
    saved_bytes: int | None = None
    """Values of them that the backward pass needs."""
    macs: int | None = None
    input_gradient_macs: int | None = None
    weight_gradient_macs: int | None = None


class AmountsOfLayers:
    """The amounts of any layers of a network; what is alive and saved is looked up once."""

    def __init__(self, memory: Memory) -> None:
        running = memory.running
        self.memory = memory
        self.alive = {
            event.layer: memory.bytes(bits) for event, bits in zip(running.timeline.events, running.during, strict=True)
        }
        self.saved = {} if memory.step is None else memory.step.saved_by_layer

    def __call__(self, layers: Sequence[Layer]) -> Amounts:
        """Return the amounts of some layers together."""
        stored = sum(layer.memory_bytes for layer in layers)
        alive = max((self.alive[layer.position] for layer in layers if layer.position in self.alive), default=None)
        step = self.memory.step
        if step is None:
            return Amounts(stored, alive)
        saved = self.memory.bytes(sum(self.saved.get(layer.position, 0) for layer in layers))
        work = [step.work[layer.position] for layer in layers]
        return Amounts(
            stored,
            alive,
            saved,
            sum(layer.macs for layer in layers),
            sum(macs.inputs for macs in work),
            sum(macs.weights for macs in work),
        )

    def each(self, layers: Iterable[Layer]) -> Iterable[tuple[Layer, Amounts]]:
        """Yield each layer with its amounts."""
        return ((layer, self((layer,))) for layer in layers)
