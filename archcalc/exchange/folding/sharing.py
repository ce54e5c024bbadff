"""Copies of a block that use the weights of another copy: a detector's head on every map, the arms of twin networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from archcalc.exchange.folding.parts import Part
    from archcalc.exchange.graph import Graph

OWN = -1
"""Stands for a copy that has weights of its own."""


class Held(NamedTuple):
    """A part with weights: the node that others name it by, and the one whose weights it uses."""

    last: int
    weights: int


def owners_of(graph: Graph, copies: Sequence[Sequence[Part]], users: Counter[int]) -> list[int] | None:
    """Return for each copy which copy's weights it uses, all of them; None where copies share otherwise.

    ``users`` are how many parts use each node's weights: none may be outside of the copies.
    """
    held = [list(_held(graph, copy)) for copy in copies]
    places = {each: number for number, copy in enumerate(held) for each in enumerate(part.last for part in copy)}
    found = []
    for copy in held:
        used = {places.get((at, part.weights), None) if part.weights >= 0 else OWN for at, part in enumerate(copy)}
        if len(used) > 1 or None in used:
            return None
        found.append(next(iter(used), OWN))
    if any(found[owner or 0] != OWN for owner in found if owner != OWN):
        return None
    for number, copy in enumerate(held):
        if any(users[part.last] != found.count(number) for part in copy):
            return None
    return [owner if owner is not None else OWN for owner in found]


def shares(graph: Graph, copy: Sequence[Part], users: Counter[int]) -> bool:
    """Whether a copy has weights with anything else."""
    return any(part.weights >= 0 or users[part.last] for part in _held(graph, copy))


def _held(graph: Graph, parts: Sequence[Part]) -> Iterator[Held]:
    for part in parts:
        for branch in part.branches:
            yield from _held(graph, branch.parts)
        nodes = part.nodes if part.kind == "call" else [part.node] if part.node >= 0 else []
        if any(graph.nodes[number].weights for number in nodes):
            yield Held(part.last, part.weights)
