"""Inference: each output lives until its last reader has run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.memory.timeline import FORWARD, VALUE, Buffer, Event, Timeline

if TYPE_CHECKING:
    from archcalc.analyses.memory.graph import Graph


def inference(graph: Graph, bits: int, *, share: bool = False) -> Timeline:
    """Return the timeline of inference, with outputs of ``bits`` bits for each value.

    ``share`` writes the inputs of concatenations straight into their place.
    """
    events = []
    for position in graph.steps:
        reads = tuple(Buffer(VALUE, value) for value in graph.inputs[position])
        in_place = graph.overwrites(position)
        made = Buffer(VALUE, position)
        events.append(
            Event(position, FORWARD, reads, (made,), None if in_place is None else (Buffer(VALUE, in_place), made))
        )
    sizes = {Buffer(VALUE, position): graph.values[position] * bits for position in graph.steps}
    views = graph.views(training=False) if share else {}
    return Timeline(
        tuple(events),
        sizes,
        frozenset(Buffer(VALUE, value) for value in graph.outputs),
        {Buffer(VALUE, part): Buffer(VALUE, whole) for part, whole in views.items()},
    )
