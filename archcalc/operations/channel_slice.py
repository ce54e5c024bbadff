"""Part of the channels."""

from __future__ import annotations

from archcalc.operations.base import Example, Operation, Shape, ShapeError, required, setting
from archcalc.text.readers import whole


class ChannelSlice(Operation):
    """Selects some channels: a view, which stores nothing and computes nothing.

    ShuffleNet V2 begins a unit with it: Ma et al. 2018, section 4, "channel split".
    """

    word = "channel_slice"
    saved_for_backward = ""
    stores = False
    view = True
    channels: int = required(whole(1), "how many channels are taken")
    start: int = setting(whole(0), "the first of them, counted from 0", 0)
    examples = (
        Example("58", ((116, 28, 28),), (58, 28, 28)),
        Example("{channels: 58, start: 58}", ((116, 28, 28),), (58, 28, 28)),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return channels x H x W; raise ShapeError where there are not as many."""
        (shape,) = inputs
        if self.start + self.channels > shape.channels:
            raise ShapeError(f"channels {self.start} to {self.start + self.channels - 1}, of {shape.channels}")
        return Shape(self.channels, shape.height, shape.width)
