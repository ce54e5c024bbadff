"""Pieces that run neither one after another nor side by side: in ranks, with lanes for edges that pass some of them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from archcalc.draw.layout.channels import Crossing, channel
from archcalc.draw.layout.pieces import BoxPiece, Piece
from archcalc.draw.layout.ranks import arrange, in_ranks
from archcalc.draw.layout.settling import along_trunk, is_trunk, middle, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.layout.channels import Turns
    from archcalc.draw.layout.pieces import Frame, Scene
    from archcalc.draw.layout.ranks import Arcs, Cell


class KnotPiece(Piece):
    """Pieces in ranks. ``arcs`` are the edges between them: (from, to, edge), None for what is outside."""

    def __init__(self, pieces: Sequence[Piece], arcs: Arcs, source_of: Sequence[int]) -> None:
        super().__init__()
        self.count = sum(piece.count for piece in pieces)
        self.source_of = source_of
        self.rows = in_ranks(pieces, arcs, source_of)
        self.beside: list[set[int]] = [set() for _ in self.rows]
        """The edges that come into the box of each rank from its right."""
        trunk = is_trunk(self.rows)
        if trunk:
            along_trunk(self.rows)
            self._come_in_beside()
        else:
            arrange(self.rows)
            self._spread()
            settle(self.rows)
        cells = [cell for row in self.rows for cell in row]
        self.left = max(cell.left - cell.across for cell in cells)
        self.right = max(cell.right + cell.across for cell in cells)
        self.ins = _ends(self.rows[0], "ins")
        self.outs = _ends(self.rows[-1], "outs")
        self.exit = middle(self.outs.values()) if self.outs else (self.right - self.left) / 2
        self.entry = middle(self.ins.values()) if self.ins else self.exit
        if trunk:
            self.entry = next(cell.across + cell.piece.entry for cell in self.rows[0] if cell.piece)
            self.exit = next(cell.across + cell.piece.exit for cell in self.rows[-1] if cell.piece)
        self.turns: list[Turns] = []
        self.starts: list[float] = []
        self._measure()

    def _come_in_beside(self) -> None:
        """Let the edges of lanes come into boxes from the right."""
        for number, (before, row) in enumerate(pairwise(self.rows), 1):
            passed = {edge for cell in before if cell.piece is None for edge in cell.outs}
            for cell in row:
                if isinstance(cell.piece, BoxPiece) and cell.piece.tail is None:
                    self.beside[number] = passed & cell.ins.keys()

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
                length, turns = channel(self._crossings(number))
                along += length
                self.turns.append(turns)
            self.starts.append(along)
            along += _length(row)
        self.length = along

    def _crossings(self, number: int) -> list[Crossing]:
        """Return the edges between a rank and the one before it, but for those that come in from the side."""
        before, after = _ends(self.rows[number - 1], "outs"), _ends(self.rows[number], "ins")
        return [
            Crossing(edge, self.source_of[edge], before[edge], place)
            for edge, place in after.items()
            if edge in before and edge not in self.beside[number]
        ]

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        for number, row in enumerate(self.rows):
            if number:
                self._connect(number, frame, scene)
            for cell in row:
                if cell.piece is not None:
                    cell.piece.place(frame.at(self.starts[number], cell.across), scene)

    def _connect(self, number: int, frame: Frame, scene: Scene) -> None:
        """Lead the edges between a rank and the one before it."""
        before = _ends(self.rows[number - 1], "outs")
        start = self.starts[number - 1] + _length(self.rows[number - 1])
        for edge, turns in self.turns[number - 1].items():
            scene.turn(edge, frame.at(start), before[edge], turns)
        for cell in self.rows[number]:
            if isinstance(cell.piece, BoxPiece):
                for edge in self.beside[number] & cell.ins.keys():
                    along = self.starts[number] + cell.piece.middle
                    side = cell.across + cell.piece.half
                    scene.end(edge, frame.point(along, before[edge]), frame.point(along, side))


def _ends(row: Sequence[Cell], ends: str) -> dict[int, float]:
    """Return how far across the edges are that reach a rank (``ins``) or leave it (``outs``)."""
    return {edge: cell.across + place for cell in row for edge, place in getattr(cell, ends).items()}


def _length(row: Sequence[Cell]) -> float:
    return max((cell.piece.length for cell in row if cell.piece), default=0.0)
