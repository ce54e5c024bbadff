"""Pieces one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.layout.channels import AFTER, BEFORE, STRAIGHT, Crossing, channel
from archcalc.draw.layout.pieces import BoxPiece, Piece, PortPiece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.layout.channels import Turns
    from archcalc.draw.layout.pieces import Frame, Scene

EDGE, ARRIVE = 4.0, 6.0
"""Lengths between a border and a track, and between a border and what an arrow behind it points at."""


class RunPiece(Piece):
    """Pieces along one axis, on which all of them begin."""

    def __init__(self, pieces: Sequence[Piece], source_of: Sequence[int]) -> None:
        super().__init__()
        self.pieces = pieces
        self.source_of = source_of
        self.offsets: list[tuple[float, float]] = []
        self.turns: list[Turns] = []
        self.count = sum(piece.count for piece in pieces)
        along, across = 0.0, -pieces[0].entry
        for number, piece in enumerate(pieces):
            if number:
                before = pieces[number - 1]
                across = -piece.entry
                length, turns = _gap(before, piece, self._crossings(number, across))
                along += before.length + length
                self.turns.append(turns)
            self.offsets.append((along, across))
        first, last = pieces[0], pieces[-1]
        self.length = along + last.length
        self.left = max(piece.left - offset for piece, (_, offset) in zip(pieces, self.offsets, strict=True))
        self.right = max(piece.right + offset for piece, (_, offset) in zip(pieces, self.offsets, strict=True))
        self.exit = across + last.exit
        self.ins = {edge: place - first.entry for edge, place in first.ins.items()}
        self.outs = {edge: across + place for edge, place in last.outs.items()}

    def _crossings(self, number: int, across: float) -> list[Crossing]:
        """Return the edges between a piece and the one before it, but for those that come in from the side."""
        before, piece = self.pieces[number - 1], self.pieces[number]
        offset = self.offsets[number - 1][1]
        return [
            Crossing(edge, self.source_of[edge], offset + start, across + piece.ins[edge])
            for edge, start in before.outs.items()
            if edge in piece.ins and edge not in before.sideways
        ]

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        for number, (piece, (along, across)) in enumerate(zip(self.pieces, self.offsets, strict=True)):
            if number:
                self._connect(number, frame, scene)
            piece.place(frame.at(along, across), scene)

    def _connect(self, number: int, frame: Frame, scene: Scene) -> None:
        """Lead the edges between a piece and the one before it."""
        before, piece = self.pieces[number - 1], self.pieces[number]
        (along, across), (target, offset) = self.offsets[number - 1 : number + 1]
        for edge, turns in self.turns[number - 1].items():
            scene.turn(edge, frame.at(along + before.length), across + before.outs[edge], turns)
        if before.sideways:
            assert isinstance(piece, BoxPiece)
            for edge, side in before.sideways.items():
                middle = target + piece.middle
                scene.end(
                    edge,
                    frame.point(middle, across + before.outs[edge]),
                    frame.point(middle, offset + side * piece.half),
                )


def _gap(before: Piece, piece: Piece, crossings: list[Crossing]) -> tuple[float, Turns]:
    """Return the length of a gap and where edges turn in it; beside a border it is short."""
    length, turns = channel(crossings)
    if isinstance(before, PortPiece):
        shift = BEFORE - EDGE if turns else STRAIGHT - (ARRIVE if piece.count else 0)
        return length - shift, {edge: [(turn - shift, end) for turn, end in each] for edge, each in turns.items()}
    if isinstance(piece, PortPiece):
        return (length - AFTER + EDGE, turns) if turns else (0.0, turns)
    return length, turns


def widen(pieces: Sequence[Piece]) -> None:
    """Let groups of one family reach as far as one another."""
    families: dict[str, list[Piece]] = {}
    for piece in pieces:
        if piece.family:
            families.setdefault(piece.family, []).append(piece)
    for alike in families.values():
        left = max(piece.left + piece.entry for piece in alike)
        right = max(piece.right - piece.entry for piece in alike)
        for piece in alike:
            piece.widen(left - piece.entry, right + piece.entry)
