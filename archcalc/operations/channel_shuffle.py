"""Channel shuffle."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, Shape, ShapeError, required
from archcalc.text.readers import whole


class ChannelShuffle(Operation):
    """Interleaves the channels of its groups: a transpose of groups and channels in a group.

    Zhang et al. 2018, "ShuffleNet", section 3.1. It only moves values: a view, which stores nothing.
    """

    word = "channel_shuffle"
    saved_for_backward = ""
    stores = False
    view = True
    copied_view = True
    groups: int = required(whole(1), "groups that the channels come from")
    examples = (Example("2", ((116, 28, 28),), (116, 28, 28)),)

    def output(self, *inputs: Shape) -> Shape:
        """Return the input's shape; raise ShapeError where the groups do not divide the channels."""
        (shape,) = inputs
        if shape.channels % self.groups:
            raise ShapeError(f"{shape.channels} channels cannot be shuffled in {self.groups} groups")
        return shape
