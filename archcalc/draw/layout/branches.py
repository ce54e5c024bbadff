"""Pieces side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.layout.pieces import BoxPiece, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.layout.pieces import Frame, Scene

BESIDE = 18.0
"""Distance of two branches."""
LANE = 14.0
"""Distance of an edge that goes straight on from what is beside it."""


class BranchesPiece(Piece):
    """Branches between what they all come from and what they all lead to.

    Either one of them is the trunk and keeps the axis, the others to its sides, and edges reach a box behind them from
    there; or they stand evenly around the axis.
    """

    is_open = True

    def __init__(self, pieces: Sequence[Piece], behind: Piece | None, joins: str) -> None:
        super().__init__()
        self.pieces = pieces
        self.count = sum(piece.count for piece in pieces)
        self.length = max(piece.length for piece in pieces)
        trunk = _trunk(pieces, joins)
        self.across = self._around(trunk, behind) if trunk is not None else self._evenly()
        spread = list(zip(pieces, self.across, strict=True))
        self.ins = {edge: offset + place for piece, offset in spread for edge, place in piece.ins.items()}
        self.outs = {edge: offset + place for piece, offset in spread for edge, place in piece.outs.items()}
        self.left = max(piece.left - offset for piece, offset in spread)
        self.right = max(piece.right + offset for piece, offset in spread)
        self.along = [_aligned(piece, self.length, behind, joins) for piece in pieces]
        if trunk is not None:
            self.entry, self.exit = pieces[trunk].entry, pieces[trunk].exit
            if isinstance(behind, BoxPiece) and behind.tail is None:
                for number, piece in enumerate(pieces):
                    if number != trunk:
                        self.sideways.update(dict.fromkeys(piece.outs, -1 if number < trunk else 1))

    def _around(self, trunk: int, behind: Piece | None) -> list[float]:
        """Return where the branches are beside a trunk, from the inside out."""
        across = [0.0] * len(self.pieces)
        main = self.pieces[trunk]
        left, right = main.left, main.right
        if isinstance(behind, BoxPiece):
            left, right = max(left, behind.left - main.exit), max(right, behind.right + main.exit)
        for number in range(trunk - 1, -1, -1):
            piece = self.pieces[number]
            across[number] = -left - (BESIDE if piece.count else LANE) - piece.right
            left = piece.left - across[number]
        for number in range(trunk + 1, len(self.pieces)):
            piece = self.pieces[number]
            across[number] = right + (BESIDE if piece.count else LANE) + piece.left
            right = piece.right + across[number]
        return across

    def _evenly(self) -> list[float]:
        """Return where the branches are around the middle of where edges come in."""
        across = []
        reached = 0.0
        for number, piece in enumerate(self.pieces):
            if number:
                reached += BESIDE if piece.count and self.pieces[number - 1].count else LANE
            across.append(reached + piece.left)
            reached += piece.left + piece.right
        places = [
            offset + place for piece, offset in zip(self.pieces, across, strict=True) for place in piece.ins.values()
        ]
        middle = (min(places) + max(places)) / 2 if places else reached / 2
        return [offset - middle for offset in across]

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        for piece, along, across in zip(self.pieces, self.along, self.across, strict=True):
            piece.place(frame.at(along, across), scene)


def _trunk(pieces: Sequence[Piece], joins: str) -> int | None:
    """Return which branch is the trunk, if one is: the only one with boxes, or by far the longest."""
    counts = sorted((piece.count for piece in pieces), reverse=True)
    real = [count for count in counts if count]
    if not real or len(real) > 2 or (len(real) == 2 and (joins == "gathers" or counts[0] < 2 * counts[1])):
        return None
    return next(number for number, piece in enumerate(pieces) if piece.count == counts[0])


def _aligned(piece: Piece, length: float, behind: Piece | None, joins: str) -> float:
    """Return how far along a branch begins: at the end of the others where they are gathered, else in their middle."""
    if behind is None:
        return 0
    return length - piece.length if joins == "gathers" else (length - piece.length) / 2
