"""More branches than fit beside one another: in several rows, with lanes to the lower ones and from the upper ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.layout.branches import BESIDE, LANE, BranchesPiece
from archcalc.draw.layout.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.layout.pieces import Frame, Scene

BUS = 12.0
"""Distance of a row from the track that leads its edges."""
APART = 8.0


class StackPiece(Piece):
    """Rows of branches below one another."""

    is_open = True

    def __init__(self, rows: Sequence[BranchesPiece]) -> None:
        super().__init__()
        self.rows = rows
        self.count = sum(row.count for row in rows)
        self.along = [0.0]
        for row in rows[:-1]:
            self.along.append(self.along[-1] + row.length + 2 * BUS + APART)
        self.length = self.along[-1] + rows[-1].length
        self.left = max(row.left for row in rows) + LANE
        self.right = max(row.right for row in rows) + LANE
        for number, row in enumerate(rows):
            self.ins.update(row.ins if number == 0 else dict.fromkeys(row.ins, -self.left))
            self.outs.update(row.outs if row is rows[-1] else dict.fromkeys(row.outs, self.right))

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        for number, (row, along) in enumerate(zip(self.rows, self.along, strict=True)):
            if number:
                for edge, place in row.ins.items():
                    scene.line(edge, frame.point(along - BUS, -self.left), frame.point(along - BUS, place))
            row.place(frame.at(along), scene)
            if row is not self.rows[-1]:
                end = along + row.length + BUS
                for edge, place in row.outs.items():
                    scene.line(edge, frame.point(end, place), frame.point(end, self.right))


def side_by_side(pieces: Sequence[Piece], behind: Piece | None, joins: str, room: float) -> Piece:
    """Return branches, in as many rows as it takes to stay within the room."""
    whole = BranchesPiece(pieces, behind, joins)
    if whole.left + whole.right <= room or len(pieces) < 4:
        return whole
    rows: list[list[Piece]] = [[]]
    reached = 2 * LANE
    for piece in pieces:
        wide = piece.left + piece.right + BESIDE
        if rows[-1] and reached + wide > room:
            rows.append([])
            reached = 2 * LANE
        rows[-1].append(piece)
        reached += wide
    return StackPiece([BranchesPiece(row, None, "gathers") for row in rows])
