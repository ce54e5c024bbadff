"""Ranks of pieces, and lanes for the edges that pass some of them; put in an order in which few edges cross."""

from __future__ import annotations

from bisect import bisect_right, insort
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.layout.pieces import Piece

    Arcs = Sequence[tuple[int | None, int | None, int]]

SWEEPS = 8
MANY = 5000
"""Cells from which on they are moved less often."""


class Cell:
    """A piece in a rank, or a lane: the edges of one source that pass the rank."""

    __slots__ = ("across", "ins", "left", "outs", "piece", "right", "source")

    def __init__(self, piece: Piece | None, source: int = -1) -> None:
        self.piece = piece
        self.source = source
        self.left = piece.left if piece else 0.0
        self.right = piece.right if piece else 0.0
        self.ins: dict[int, float] = dict(piece.ins) if piece else {}
        self.outs: dict[int, float] = dict(piece.outs) if piece else {}
        self.across = 0.0


def in_ranks(pieces: Sequence[Piece], arcs: Arcs, source_of: Sequence[int]) -> list[list[Cell]]:
    """Return the cells of each rank: pieces, and a lane for each source whose edges pass.

    ``arcs`` are the edges between pieces: (from, to, edge), None for what is outside.
    """
    ranks = _ranks(len(pieces), arcs)
    rows: list[list[Cell]] = [[] for _ in range(max(ranks) + 1)]
    for piece, rank in zip(pieces, ranks, strict=True):
        rows[rank].append(Cell(piece))
    lanes: dict[tuple[int, int], Cell] = {}
    for start, end, edge in arcs:
        first = -1 if start is None else ranks[start]
        last = len(rows) if end is None else ranks[end]
        for rank in range(first + 1, last):
            key = (source_of[edge], rank)
            if key not in lanes:
                lanes[key] = Cell(None, source_of[edge])
                rows[rank].append(lanes[key])
            lanes[key].ins[edge] = lanes[key].outs[edge] = 0.0
    return rows


def _ranks(count: int, arcs: Arcs) -> list[int]:
    """Return the rank of each piece: behind all that it reads, and no nearer to the start than it has to be."""
    into: list[list[int]] = [[] for _ in range(count)]
    out: list[list[int]] = [[] for _ in range(count)]
    for start, end, _ in arcs:
        if start is not None and end is not None:
            into[end].append(start)
            out[start].append(end)
    order: list[int] = []
    lacking = [len(each) for each in into]
    waiting = [piece for piece in range(count) if not lacking[piece]]
    while waiting:
        piece = waiting.pop()
        order.append(piece)
        for other in out[piece]:
            lacking[other] -= 1
            if not lacking[other]:
                waiting.append(other)
    ranks = [0] * count
    for piece in order:
        ranks[piece] = max((ranks[other] + 1 for other in into[piece]), default=0)
    outside = {start for start, end, _ in arcs if end is None}
    for piece in reversed(order):
        sources = len(into[piece]) or 1
        if out[piece] and piece not in outside and len(out[piece]) >= sources:
            ranks[piece] = max(ranks[piece], min(ranks[other] for other in out[piece]) - 1)
    return ranks


def arrange(rows: list[list[Cell]]) -> None:
    """Put the cells of each rank in an order in which few edges cross: amidst what they are connected with."""
    best, fewest = [list(row) for row in rows], _crossed(rows)
    for sweep in range(sweeps(rows)):
        downward = sweep % 2 == 0
        numbers = range(1, len(rows)) if downward else range(len(rows) - 2, -1, -1)
        for number in numbers:
            other = rows[number - 1 if downward else number + 1]
            place = {}
            for position, cell in enumerate(other):
                for edge in cell.outs if downward else cell.ins:
                    place[edge] = position
            weights = {}
            for position, cell in enumerate(rows[number]):
                near = [place[edge] for edge in (cell.ins if downward else cell.outs) if edge in place]
                weights[id(cell)] = sum(near) / len(near) if near else position
            rows[number].sort(key=lambda cell: weights[id(cell)])
        crossed = _crossed(rows)
        if crossed < fewest:
            best, fewest = [list(row) for row in rows], crossed
    for row, chosen in zip(rows, best, strict=True):
        row[:] = chosen


def _crossed(rows: list[list[Cell]]) -> int:
    """Count the edges that cross."""
    found = 0
    for before, row in pairwise(rows):
        place = {edge: position for position, cell in enumerate(before) for edge in cell.outs}
        seen: list[int] = []
        for cell in row:
            ends = sorted(place[edge] for edge in cell.ins if edge in place)
            found += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return found


def sweeps(rows: list[list[Cell]]) -> int:
    """Return how often cells are moved: less often where there are very many."""
    return SWEEPS if sum(map(len, rows)) < MANY else 2
