"""A group: what is inside it, with a border around it and words above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.layout.pieces import Piece

if TYPE_CHECKING:
    from archcalc.draw.graph import Group
    from archcalc.draw.layout.flow import Flow
    from archcalc.draw.layout.pieces import Frame, Scene

PADDING = 12.0
HEADING = 26.0
"""Height of what a group has above its boxes: its words."""
SIDES = 8.0
"""Distance of the words from what is beside them."""
WIDENED = 60.0
"""How much a border is widened for its words rather than that they stand on the right."""


class GroupPiece(Piece):
    """A group; its words are to the left of the edges that come in from above, or to their right."""

    def __init__(self, group: Group, inside: Piece, heading: float, flow: Flow) -> None:
        super().__init__()
        self.group = group
        self.inside = inside
        self.count = inside.count
        self.ins, self.outs = inside.ins, inside.outs
        self.entry, self.exit = inside.entry, inside.exit
        self.start = HEADING if flow.way == "down" else PADDING
        self.length = self.start + inside.length + (HEADING if flow.way == "up" else PADDING)
        self.left = inside.left + (PADDING if flow.is_upright else HEADING)
        self.right = inside.right + PADDING
        self.words_at = SIDES
        if flow.is_upright:
            self._make_room(heading + 2 * SIDES, self.ins if flow.way == "down" else self.outs)
        else:
            self.length = max(self.length, heading + 2 * SIDES)
        if len(set(self.ins.values())) > 1:
            self.entry = (self.right - self.left) / 2

    def _make_room(self, heading: float, edges: dict[int, float]) -> None:
        """Find a place for the words where no edge comes in, and widen the border where there is none."""
        low, high = min(edges.values(), default=self.right), max(edges.values(), default=-self.left)
        if heading > self.left + low + WIDENED and heading <= self.right - high:
            self.words_at += high + self.left
        else:
            self.left = max(self.left, heading - low)

    def place(self, frame: Frame, scene: Scene) -> None:
        """Put it into a picture."""
        rect = frame.rect((0, -self.left), (self.length, self.right))
        scene.groups.append((self.group, rect, rect.x + self.words_at))
        self.inside.place(frame.at(self.start), scene)
