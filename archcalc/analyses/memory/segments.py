"""Where a network is cut for recomputation.

It can be cut where a single value connects the layers before with those after. The n pieces between such places form
about √n segments with about as much to save each; only values that connect segments are kept in the forward pass (Chen
et al. 2016, "Training Deep Nets with Sublinear Memory Cost", section 3).
"""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archcalc.analyses.memory.graph import Graph


def segments(graph: Graph, weights: dict[int, int]) -> dict[int, int]:
    """Return the number of the segment of each layer; ``weights`` is how much is saved of each.

    The first layer of all, the image, is in the first segment.
    """
    cuts = _cuts(graph)
    count = isqrt(len(cuts)) + 1
    total = sum(weights.get(position, 0) for position in graph.steps)
    numbers: dict[int, int] = {}
    number, saved = 0, 0
    for position in graph.steps:
        numbers[position] = number
        saved += weights.get(position, 0)
        if position in cuts and number < count - 1 and saved * count >= total * (number + 1):
            number += 1
    return numbers


def _cuts(graph: Graph) -> set[int]:
    """Return the layers after which only their own value is alive, and not overwritten."""
    last = {value: max(readers, default=-1) for value, readers in graph.readers.items()}
    ends: dict[int, int] = {}
    cuts: set[int] = set()
    for value, position in last.items():
        ends[position] = ends.get(position, 0) + (position > value)
    alive = 0
    for position in graph.steps[:-1]:
        alive += (last[position] > position) - ends.get(position, 0)
        changed = any(graph.overwrites(reader) == position for reader in graph.readers[position])
        if alive == 1 and last[position] > position and not changed:
            cuts.add(position)
    return cuts
