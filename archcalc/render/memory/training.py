"""The part of the page of ``memory`` about a step of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.memory.timeline import GRADIENT
from archcalc.analyses.memory.training import Part
from archcalc.render.page import Grid, Head, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.memory.analysis import Memory
    from archcalc.analyses.memory.training import Step

_PHASES = {"forward": "in the forward pass", "again": "run again", "backward": "in the backward pass"}


def training(memory: Memory, step: Step, *, si: bool) -> Grid:
    """Return the table of what a step of training takes, part by part."""
    parts = _parts(memory, step)
    total = sum(part.bytes for part in parts)
    return Grid(
        title=f"Training with {memory.options.optimizer}: {units.size(total, si=si)}",
        heads=(Head("part", left=True, optional=-1, wraps=True), Head("bytes"), Head("size"), Head("share")),
        rows=tuple(
            (label, units.exact(size), units.size(size, si=si), units.percent(size, total)) for _, label, size in parts
        ),
        total=("total", units.exact(total), units.size(total, si=si), units.percent(total, total)),
        notes=tuple(_notes(memory, step, si)),
    )


def training_values(memory: Memory, step: Step) -> Table:
    """Return the same with exact values."""
    rows = ((memory.report.name, part.word, part.bytes) for part in _parts(memory, step))
    return Table(("network", "part", "bytes"), rows, "training")


def _parts(memory: Memory, step: Step) -> list[Part]:
    """Return the parts that do not depend on the batch, and those that do."""
    gradients = memory.bytes(step.alive_at_peak.get(GRADIENT, 0))
    kept = memory.bytes(step.liveness.peak) - gradients
    return [
        *step.parts,
        Part("activations", f"outputs, masks and indices, {_when(memory, step)}", kept),
        Part("activation_gradients", "gradients of outputs, at the same time", gradients),
    ]


def _when(memory: Memory, step: Step) -> str:
    event = step.liveness.timeline.events[step.liveness.top]
    return f"at {memory.name(event.layer)} {_PHASES[event.phase]}"


def _notes(memory: Memory, step: Step, si: bool) -> Iterator[str]:
    def size(value: int) -> str:
        return units.size(value, si=si)

    saved = memory.bytes(sum(step.saved.values()))
    peak, plain = memory.bytes(step.liveness.peak), memory.sums[0].bytes
    yield (
        f"The forward pass saves {units.exact(saved)} bytes = {size(saved)} for the backward pass; gradients of outputs"
        f" take at most {size(memory.bytes(step.gradients))} at once."
    )
    yield (
        f"Activations with their gradients: {units.ratio(peak, plain)} the sum of the stored outputs, {size(plain)}. "
        f"The rule of thumb, twice, gives each output a gradient of its own: {size(2 * plain)}."
    )
    yield _macs(memory, step)
    if memory.options.recompute:
        yield _recomputed(memory, step)


def _macs(memory: Memory, step: Step) -> str:
    forward = memory.report.macs
    inputs, weights = step.backward
    every = forward + inputs + weights
    return (
        f"MACs: {units.short(forward)} forward; backward {units.short(inputs)} for inputs and {units.short(weights)}"
        f" for weights; together {units.exact(every)}, {units.ratio(every, forward)} the forward pass."
    )


def _recomputed(memory: Memory, step: Step) -> str:
    again = step.again_macs
    return (
        f"Recomputed in {step.segments} segments: {len(step.again):,} layers run a second time,"
        f" {units.short(again)} MACs, {units.percent(again, memory.report.macs)} of the forward pass."
    )
