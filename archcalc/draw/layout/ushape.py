"""Encoders and decoders: down on one side, up on the other, and across from each level to the one that it meets again.

That is how such networks are drawn since U-Net (Ronneberger et al. 2015, figure 1).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from archcalc.draw.layout.branches import LANE
from archcalc.draw.layout.pieces import BoxPiece, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.draw.layout.pieces import Frame, Scene
    from archcalc.draw.layout.runs import RunPiece

BETWEEN = 36.0
"""Distance of a skip's boxes from the sides, and of the sides where a skip has none."""
BELOW = 26.0
"""Distance of two levels."""
STUB = 10.0
"""How far an edge goes on before it turns."""


class Rung(NamedTuple):
    """A level: what is on the way down, what leads across, what is on the way up (from the bottom to the top)."""

    down: RunPiece
    across: Piece
    up: RunPiece


class UPiece(Piece):
    """Levels, the highest first, and what is at the bottom."""

    def __init__(self, rungs: Sequence[Rung], bottom: Piece) -> None:
        super().__init__()
        self.rungs = rungs
        self.bottom = bottom
        self.count = bottom.count + sum(rung.down.count + rung.across.count + rung.up.count for rung in rungs)
        self.skips = [_edges_between(rung) for rung in rungs]
        self.lefts = self._lefts()
        self.heights: list[float] = []
        """How far along the skips are."""
        self.starts: list[float] = []
        """How far along each level begins on the way down."""
        self.bottom_at = self._stack()
        self.rights = self._rights()
        port = self._port_above_bottom()
        self.middle = min((self._end_of_way_down() + port) / 2, port - LANE - bottom.right)
        self.length = self.bottom_at + bottom.length + STUB
        self._reach()

    def _lefts(self) -> list[float]:
        """Return the axes of the way down, each below what leads to it."""
        axes = [0.0]
        for upper, lower in pairwise(self.rungs):
            axes.append(axes[-1] + upper.down.exit - lower.down.entry)
        return axes

    def _stack(self) -> float:
        """Put the levels below one another; return how far along the bottom begins."""
        along = 0.0
        for rung in self.rungs:
            last, first = rung.down.pieces[-1], rung.up.pieces[0]
            below = last.length - last.middle if isinstance(last, BoxPiece) else -STUB
            inset = first.middle if isinstance(first, BoxPiece) else -STUB
            height = max(along + rung.down.length - below, along + rung.up.length - inset, along + rung.across.left)
            self.heights.append(height)
            self.starts.append(height + below - rung.down.length)
            along = height + max(below, inset, rung.across.right) + BELOW
        return along

    def _rights(self) -> list[float]:
        """Return the axes of the way up, far enough to the right, each above what leads to it."""
        axes = [0.0]
        for upper, lower in zip(self.rungs[-2::-1], self.rungs[:0:-1], strict=True):
            into = next(iter(set(lower.up.outs) & set(upper.up.ins)))
            axes.insert(0, axes[0] + lower.up.exit - upper.up.ins[into])
        least = [
            left
            + rung.down.right
            + rung.up.left
            - right
            + (rung.across.length + BETWEEN if rung.across.count else 0)
            + BETWEEN
            for rung, left, right in zip(self.rungs, self.lefts, axes, strict=True)
        ]
        port = axes[-1] + self._bottom_port()
        least.append(self.bottom.right + LANE + self._end_of_way_down() - port)
        return [axis + max(least) for axis in axes]

    def _bottom_port(self) -> float:
        last = self.rungs[-1].up
        return next(place for edge, place in last.ins.items() if edge in self.bottom.outs)

    def _port_above_bottom(self) -> float:
        return self.rights[-1] + self._bottom_port()

    def _end_of_way_down(self) -> float:
        return self.lefts[-1] + self.rungs[-1].down.exit

    def _reach(self) -> None:
        """Find out how far it reaches to its sides, and lead what leaves it down on its right."""
        self.ins = dict(self.rungs[0].down.ins)
        self.entry = self.rungs[0].down.entry
        sides = list(zip(self.rungs, self.lefts, self.rights, strict=True))
        self.left = max(*(rung.down.left - left for rung, left, _ in sides), self.bottom.left - self.middle)
        self.right = max(rung.up.right + right for rung, _, right in sides)
        for edge in self.rungs[0].up.outs:
            self.right += LANE
            self.outs[edge] = self.exit = self.right

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        for number, rung in enumerate(self.rungs):
            if number:
                self._lead_down(frame, scene, number)
            self._side_exit(rung, number)
            rung.down.place(frame.at(self.starts[number], self.lefts[number]), scene)
        self._place_bottom(frame, scene)
        for number in range(len(self.rungs) - 1, -1, -1):
            self._lead_across(frame, scene, number)
            self._place_up(frame, scene, number)
        top = self._top(0)
        for edge, place in self.rungs[0].up.outs.items():
            at = self.rights[0] + place
            scene.line(edge, frame.point(top - STUB, at), frame.point(top - STUB, self.outs[edge]))

    def _side_exit(self, rung: Rung, number: int) -> None:
        last = rung.down.pieces[-1]
        if isinstance(last, BoxPiece):
            last.leaves_sideways.update(self.skips[number])

    def _foot(self, number: int) -> float:
        """Return how far along the way up of a level begins."""
        first = self.rungs[number].up.pieces[0]
        return self.heights[number] + (first.middle if isinstance(first, BoxPiece) else -STUB)

    def _top(self, number: int) -> float:
        return self._foot(number) - self.rungs[number].up.length

    def _lead_down(self, frame: Frame, scene: Scene, number: int) -> None:
        before, after = self.rungs[number - 1].down, self.rungs[number].down
        turn = self.starts[number] - BELOW / 2
        for edge, place in before.outs.items():
            if edge in after.ins:
                ends = self.lefts[number - 1] + place, self.lefts[number] + after.ins[edge]
                if ends[0] != ends[1]:
                    scene.line(edge, frame.point(turn, ends[0]), frame.point(turn, ends[1]))

    def _place_bottom(self, frame: Frame, scene: Scene) -> None:
        last = self.rungs[-1]
        axis = self.middle
        turn = self.bottom_at - BELOW / 2
        for edge, place in last.down.outs.items():
            if edge in self.bottom.ins:
                scene.line(
                    edge,
                    frame.point(turn, self.lefts[-1] + place),
                    frame.point(turn, axis + self.bottom.ins[edge]),
                )
        self.bottom.place(frame.at(self.bottom_at, axis), scene)
        turn = self.bottom_at + self.bottom.length + STUB
        for edge, place in self.bottom.outs.items():
            if edge in last.up.ins:
                scene.line(
                    edge, frame.point(turn, axis + place), frame.point(turn, self.rights[-1] + last.up.ins[edge])
                )

    def _lead_across(self, frame: Frame, scene: Scene, number: int) -> None:
        rung, height = self.rungs[number], self.heights[number]
        last, first = rung.down.pieces[-1], rung.up.pieces[0]
        start = self.lefts[number] + rung.down.right
        end = self.rights[number] - rung.up.left
        for edge in self.skips[number]:
            if not isinstance(last, BoxPiece):
                scene.line(edge, frame.point(height, self.lefts[number] + rung.down.outs[edge]))
        rung.across.place(frame.turned(height, (start + end - rung.across.length) / 2), scene)
        for edge in rung.across.outs:
            if isinstance(first, BoxPiece):
                scene.end(edge, frame.point(height, self.rights[number] - first.half))
            else:
                scene.line(edge, frame.point(height, self.rights[number] + rung.up.ins[edge]))

    def _place_up(self, frame: Frame, scene: Scene, number: int) -> None:
        rung = self.rungs[number]
        foot = frame.at(self._foot(number), self.rights[number])
        rung.up.place(foot._replace(along=(-frame.along[0], -frame.along[1])), scene)


def _edges_between(rung: Rung) -> set[int]:
    return set(rung.across.ins)
