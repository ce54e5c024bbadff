"""Where the cells of ranks are across: along a trunk, or each near the middle of what it is connected with."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from archcalc.draw.layout.pieces import BoxPiece
from archcalc.draw.layout.ranks import sweeps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.draw.layout.ranks import Cell

APART = 16.0
LANE = 12.0
"""Distance of two lanes beside a trunk."""
STIFF = 8.0
"""How much more a lane is kept straight than a box is kept in the middle of what it reads."""
NEAR = 12.0
"""A bend that is smaller than this is straightened where there is room."""


def middle(places: Iterable[float]) -> float:
    """Return the middle between the first and the last of some places; 0 where there is none."""
    known = list(places)
    return (min(known) + max(known)) / 2 if known else 0.0


def is_trunk(rows: list[list[Cell]]) -> bool:
    """Whether there is one piece in each rank, so that they are a trunk with lanes beside it."""
    return len(rows) > 2 and all(sum(cell.piece is not None for cell in row) == 1 for row in rows)


def along_trunk(rows: list[list[Cell]]) -> None:
    """Put the pieces below one another, and to their right, past what hangs on them, the lanes: the shortest first."""
    reach = max(_from_axis(cell) + cell.right for row in rows for cell in row)
    spans: dict[int, list[int]] = {}
    for rank, row in enumerate(rows):
        for cell in row:
            if cell.piece is None:
                spans.setdefault(cell.source, []).append(rank)
            else:
                cell.across = _from_axis(cell)
    taken: list[set[int]] = []
    track: dict[int, int] = {}
    for source, ranks in sorted(spans.items(), key=lambda span: (len(span[1]), span[0])):
        passed = {*ranks, ranks[-1] + 1}  # it comes in at the side of what is behind it
        track[source] = next((t for t, used in enumerate(taken) if used.isdisjoint(passed)), len(taken))
        if track[source] == len(taken):
            taken.append(set())
        taken[track[source]] |= passed
    for row in rows:
        for cell in row:
            if cell.piece is None:
                cell.across = reach + LANE * (track[cell.source] + 1)
        row.sort(key=lambda cell: cell.across)


def _from_axis(cell: Cell) -> float:
    """Return how far across a cell of a trunk is: boxes are on the axis, other pieces in the middle."""
    return 0.0 if isinstance(cell.piece, BoxPiece) else (cell.left - cell.right) / 2


def settle(rows: list[list[Cell]]) -> None:
    """Give every cell a place across: near the middle of what it is connected with, lanes as straight as it goes."""
    for row in rows:
        _pushed(row, [0.0] * len(row), [1.0] * len(row))
    for sweep in range(2 * sweeps(rows)):
        downward = sweep % 2 == 0
        numbers = range(1, len(rows)) if downward else range(len(rows) - 2, -1, -1)
        for number in numbers:
            _pull(rows[number], rows[number - 1 if downward else number + 1], downward)
    for before, row in pairwise(rows):
        _straighten(before, row)


def _straighten(before: list[Cell], row: list[Cell]) -> None:
    """Move cells a little, and where edges come into boxes, so that these have no small bends."""
    place = {edge: cell.across + offset for cell in before for edge, offset in cell.outs.items()}
    for number, cell in enumerate(row):
        edges = [edge for edge in cell.ins if edge in place]
        if not edges:
            continue
        bend = place[edges[0]] - cell.across - cell.ins[edges[0]]
        low = row[number - 1].across + row[number - 1].right + APART + cell.left if number else -inf
        high = row[number + 1].across - row[number + 1].left - APART - cell.right if number + 1 < len(row) else inf
        if len({place[edge] for edge in edges}) == 1 and abs(bend) < NEAR and low <= cell.across + bend <= high:
            cell.across += bend
        elif isinstance(cell.piece, BoxPiece):
            _shift_ends(cell, cell.piece, {edge: place[edge] - cell.across for edge in edges})


def _shift_ends(cell: Cell, piece: BoxPiece, wished: dict[int, float]) -> None:
    """Let edges come into a box straight where that is near to where they would anyway."""
    reach = piece.half - 6
    ends = sorted(cell.ins.items(), key=lambda end: end[1])
    for number, (edge, end) in enumerate(ends):
        wish = wished.get(edge, end)
        apart = all(abs(wish - other) >= 5 for place, (_, other) in enumerate(ends) if place != number)
        if abs(wish - end) < NEAR and abs(wish) <= reach and apart:
            ends[number] = (edge, wish)
    cell.ins = dict(ends)
    piece.ins = dict(ends)


def _pull(row: list[Cell], other: list[Cell], downward: bool) -> None:
    place = {}
    for cell in other:
        for edge, offset in (cell.outs if downward else cell.ins).items():
            place[edge] = (cell.across + offset, cell.piece is None)
    wished, weights = [], []
    for cell in row:
        own = cell.ins if downward else cell.outs
        near = [(place[edge][0] - offset, place[edge][1]) for edge, offset in own.items() if edge in place]
        wished.append(middle(across for across, _ in near) if near else cell.across)
        stiff = cell.piece is None and any(lane for _, lane in near)
        weights.append(STIFF if stiff else 1.0 if near else 0.1)
    _pushed(row, wished, weights)


def _pushed(row: list[Cell], wished: list[float], weights: list[float]) -> None:
    """Place cells as near as possible to where they should be, apart from one another and in their order.

    Least squares under these bounds: cells that push one another move together, to their weighted mean.
    """
    blocks: list[tuple[float, float, list[int]]] = []  # mean of the wishes, weight, cells
    shifts = [0.0]
    for before, cell in pairwise(row):
        shifts.append(shifts[-1] + before.right + APART + cell.left)
    for number, shift in enumerate(shifts):
        mean, weight, cells = wished[number] - shift, weights[number], [number]
        while blocks and blocks[-1][0] > mean:
            other, heavy, more = blocks.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)
            weight, cells = weight + heavy, more + cells
        blocks.append((mean, weight, cells))
    for mean, _, cells in blocks:
        for number in cells:
            row[number].across = mean + shifts[number]
