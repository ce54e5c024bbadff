"""Pieces one after another in several lines, as a text is written."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from archcalc.draw.layout.channels import TRACK
from archcalc.draw.layout.pieces import Piece
from archcalc.draw.layout.runs import RunPiece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.layout.pieces import Frame, Scene

INDENT = 16.0
"""Room beside the lines for the edges that lead from one to the next."""
APART = 26.0
"""Distance of two lines."""


class LinesPiece(Piece):
    """Runs below one another; edges lead from the end of each to the start of the next."""

    def __init__(self, lines: Sequence[RunPiece]) -> None:
        super().__init__()
        self.lines = lines
        self.count = sum(line.count for line in lines)
        self.axes = [0.0]
        self.between: list[float] = []
        """How far across the edges between two lines are."""
        for before, line in pairwise(lines):
            tracks = TRACK * (len(before.outs) - 1)
            self.between.append(self.axes[-1] + before.right + APART / 2)
            self.axes.append(self.axes[-1] + before.right + APART + tracks + line.left)
        self.length = 2 * INDENT + max(line.length for line in lines)
        self.left = lines[0].left
        self.right = max(axis + line.right for axis, line in zip(self.axes, lines, strict=True))
        self.entry, self.exit = lines[0].entry, self.axes[-1] + lines[-1].exit
        self.ins = lines[0].ins
        self.outs = {edge: self.axes[-1] + place for edge, place in lines[-1].outs.items()}

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        for number, (line, axis) in enumerate(zip(self.lines, self.axes, strict=True)):
            if number:
                self._lead_on(number, frame, scene)
            line.place(frame.at(INDENT, axis), scene)

    def _lead_on(self, number: int, frame: Frame, scene: Scene) -> None:
        before, line = self.lines[number - 1], self.lines[number]
        end, start = INDENT + before.length + INDENT / 2, INDENT / 2
        lanes = {
            source: lane for lane, source in enumerate(dict.fromkeys(before.source_of[edge] for edge in before.outs))
        }
        for edge, place in before.outs.items():
            if edge not in line.ins:
                continue
            lane = lanes[before.source_of[edge]]
            across = self.between[number - 1] + TRACK * lane
            out, back = end + 3 * lane, start - 3 * lane
            scene.line(
                edge,
                frame.point(out, self.axes[number - 1] + place),
                frame.point(out, across),
                frame.point(back, across),
                frame.point(back, self.axes[number] + line.ins[edge]),
            )


def in_lines(pieces: Sequence[Piece], source_of: Sequence[int], room: float) -> Piece:
    """Return a run, in as many lines as it takes to stay within the room, all about as long."""
    whole = RunPiece(pieces, source_of)
    if whole.length <= room:
        return whole
    room -= 2 * INDENT
    fewest = len(_broken(pieces, source_of, room))
    low, high = max(piece.length for piece in pieces), room
    while high - low > 8:
        middle = (low + high) / 2
        if len(_broken(pieces, source_of, middle)) <= fewest:
            high = middle
        else:
            low = middle
    lines = _broken(pieces, source_of, max(high, low))
    return LinesPiece(lines) if len(lines) > 1 else whole


def _broken(pieces: Sequence[Piece], source_of: Sequence[int], room: float) -> list[RunPiece]:
    """Break a run into lines that are no longer than the room, where a box or a group ends."""
    whole = RunPiece(pieces, source_of)
    lines: list[RunPiece] = []
    start = 0
    last = 0
    for number in range(1, len(pieces) + 1):
        end = whole.offsets[number - 1][0] + pieces[number - 1].length
        if end - whole.offsets[start][0] > room and last > start:
            lines.append(RunPiece(pieces[start:last], source_of))
            start = last
        if number < len(pieces) and _may_end(pieces[number - 1]) and pieces[number].count:
            last = number
    lines.append(RunPiece(pieces[start:], source_of))
    return lines


def _may_end(piece: Piece) -> bool:
    """Whether a line may end with a piece: all edges that leave it leave it at its end."""
    return piece.count > 0 and not piece.is_open
