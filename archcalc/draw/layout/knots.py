"""Pieces that run neither one after another nor side by side: in ranks, with lanes for edges that pass some of them."""

from __future__ import annotations

from bisect import bisect_right, insort
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from archcalc.draw.layout.channels import Crossing, channel
from archcalc.draw.layout.pieces import BoxPiece, Piece

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archcalc.draw.layout.pieces import Frame, Scene

APART = 16.0
SWEEPS = 8
MANY = 5000
"""Cells from which on they are moved less often."""
STIFF = 8.0
"""How much more a lane is kept straight than a box is kept in the middle of what it reads."""
NEAR = 12.0
"""A bend that is smaller than this is straightened where there is room."""


class _Cell:
    """A piece in a rank, or a lane: the edges of one source that pass the rank."""

    __slots__ = ("across", "edges", "ins", "left", "outs", "piece", "right")

    def __init__(self, piece: Piece | None) -> None:
        self.piece = piece
        self.left = piece.left if piece else 0.0
        self.right = piece.right if piece else 0.0
        self.ins: dict[int, float] = dict(piece.ins) if piece else {}
        self.outs: dict[int, float] = dict(piece.outs) if piece else {}
        self.across = 0.0


class KnotPiece(Piece):
    """Pieces in ranks. ``arcs`` are the edges between them: (from, to, edge), None for what is outside."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        arcs: Sequence[tuple[int | None, int | None, int]],
        source_of: Sequence[int],
    ) -> None:
        super().__init__()
        self.count = sum(piece.count for piece in pieces)
        self.source_of = source_of
        ranks = _ranks(len(pieces), arcs)
        self.rows = self._rows(pieces, ranks, arcs)
        _arrange(self.rows)
        self._spread()
        _settle(self.rows)
        cells = [cell for row in self.rows for cell in row]
        self.left = max(cell.left - cell.across for cell in cells)
        self.right = max(cell.right + cell.across for cell in cells)
        self.ins = {edge: cell.across + place for cell in self.rows[0] for edge, place in cell.ins.items()}
        self.outs = {edge: cell.across + place for cell in self.rows[-1] for edge, place in cell.outs.items()}
        self.entry = _middle(self.ins.values())
        self.exit = _middle(self.outs.values())
        self.turns: list[dict[int, float]] = []
        self.starts: list[float] = []
        self._measure()

    def _rows(
        self, pieces: Sequence[Piece], ranks: list[int], arcs: Sequence[tuple[int | None, int | None, int]]
    ) -> list[list[_Cell]]:
        """Return the cells of each rank: pieces, and a lane for each source whose edges pass."""
        rows: list[list[_Cell]] = [[] for _ in range(max(ranks) + 1)]
        for piece, rank in zip(pieces, ranks, strict=True):
            rows[rank].append(_Cell(piece))
        lanes: dict[tuple[int, int], _Cell] = {}
        for start, end, edge in arcs:
            first = -1 if start is None else ranks[start]
            last = len(rows) if end is None else ranks[end]
            for rank in range(first + 1, last):
                key = (self.source_of[edge], rank)
                if key not in lanes:
                    lanes[key] = _Cell(None)
                    rows[rank].append(lanes[key])
                lanes[key].ins[edge] = lanes[key].outs[edge] = 0.0
        return rows

    def _spread(self) -> None:
        """Let the edges that reach a box come in side by side, in the order in which they come."""
        for before, row in pairwise(self.rows):
            order = {edge: number for number, cell in enumerate(before) for edge in cell.outs}
            for cell in row:
                if isinstance(cell.piece, BoxPiece) and len(cell.ins) > 1:
                    edges = sorted(cell.ins, key=lambda edge: order[edge])
                    step = min(16.0, 1.2 * cell.piece.half / (len(edges) - 1))
                    cell.ins = {edge: step * (number - (len(edges) - 1) / 2) for number, edge in enumerate(edges)}
                    cell.piece.ins = dict(cell.ins)

    def _measure(self) -> None:
        """Find out how far along each rank begins, and where the edges between two change sides."""
        along = 0.0
        for number, row in enumerate(self.rows):
            if number:
                before = {
                    edge: cell.across + place for cell in self.rows[number - 1] for edge, place in cell.outs.items()
                }
                crossings = [
                    Crossing(edge, self.source_of[edge], before[edge], cell.across + place)
                    for cell in row
                    for edge, place in cell.ins.items()
                    if edge in before
                ]
                length, turns = channel(crossings)
                along += length
                self.turns.append(turns)
            self.starts.append(along)
            along += max((cell.piece.length for cell in row if cell.piece), default=0.0)
        self.length = along

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        for number, row in enumerate(self.rows):
            if number:
                self._connect(number, frame, scene)
            for cell in row:
                if cell.piece is not None:
                    cell.piece.place(frame.at(self.starts[number], cell.across), scene)

    def _connect(self, number: int, frame: Frame, scene: Scene) -> None:
        before = {edge: cell.across + place for cell in self.rows[number - 1] for edge, place in cell.outs.items()}
        after = {edge: cell.across + place for cell in self.rows[number] for edge, place in cell.ins.items()}
        reach = max((cell.piece.length for cell in self.rows[number - 1] if cell.piece), default=0.0)
        start = self.starts[number - 1] + reach
        for edge, turn in self.turns[number - 1].items():
            scene.line(edge, frame.point(start + turn, before[edge]), frame.point(start + turn, after[edge]))


def _ranks(count: int, arcs: Sequence[tuple[int | None, int | None, int]]) -> list[int]:
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


def _middle(places: Iterable[float]) -> float:
    known = list(places)
    return (min(known) + max(known)) / 2 if known else 0.0


def _arrange(rows: list[list[_Cell]]) -> None:
    """Put the cells of each rank in an order in which few edges cross: amidst what they are connected with."""
    best, fewest = [list(row) for row in rows], _crossed(rows)
    for sweep in range(_sweeps(rows)):
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


def _crossed(rows: list[list[_Cell]]) -> int:
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


def _settle(rows: list[list[_Cell]]) -> None:
    """Give every cell a place across: near the middle of what it is connected with, lanes as straight as it goes."""
    for row in rows:
        _pushed(row, [0.0] * len(row), [1.0] * len(row))
    for sweep in range(2 * _sweeps(rows)):
        downward = sweep % 2 == 0
        numbers = range(1, len(rows)) if downward else range(len(rows) - 2, -1, -1)
        for number in numbers:
            _pull(rows[number], rows[number - 1 if downward else number + 1], downward)
    for before, row in pairwise(rows):
        _straighten(before, row)


def _sweeps(rows: list[list[_Cell]]) -> int:
    """Return how often cells are moved: less often where there are very many."""
    return SWEEPS if sum(map(len, rows)) < MANY else 2


def _straighten(before: list[_Cell], row: list[_Cell]) -> None:
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


def _shift_ends(cell: _Cell, piece: BoxPiece, wished: dict[int, float]) -> None:
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


def _pull(row: list[_Cell], other: list[_Cell], downward: bool) -> None:
    place = {}
    for cell in other:
        for edge, offset in (cell.outs if downward else cell.ins).items():
            place[edge] = (cell.across + offset, cell.piece is None)
    wished, weights = [], []
    for cell in row:
        own = cell.ins if downward else cell.outs
        near = [(place[edge][0] - offset, place[edge][1]) for edge, offset in own.items() if edge in place]
        wished.append(_middle(across for across, _ in near) if near else cell.across)
        stiff = cell.piece is None and any(lane for _, lane in near)
        weights.append(STIFF if stiff else 1.0 if near else 0.1)
    _pushed(row, wished, weights)


def _pushed(row: list[_Cell], wished: list[float], weights: list[float]) -> None:
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
