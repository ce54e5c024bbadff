"""Group normalisation."""

from __future__ import annotations

from archcalc.operations.base import Example, Shape, ShapeError, setting
from archcalc.operations.normalisation import Normalisation
from archcalc.text.readers import flag, whole


class GroupNorm(Normalisation):
    """Normalises the channels of each group over the whole map, then scales and shifts each channel.

    Wu & He 2018, "Group Normalization", equation 7; 32 groups are the paper's, and Keras' default. One group is layer
    normalisation over the whole map with a scale and a shift for each channel. It keeps no statistics.
    """

    word = "group_norm"
    sees_whole_map = True
    groups: int = setting(whole(1), "parts that the channels are split into", 32)
    scale: bool = setting(flag, "a trained scale (gamma) for each channel", True)
    shift: bool = setting(flag, "a trained shift (beta) for each channel", True)
    examples = (
        Example("", ((64, 56, 56),), (64, 56, 56), params=128, ops={"norm": 401_408}),
        Example("{groups: 4}", ((8, 16, 16),), (8, 16, 16), 16, {"norm": 4_096}, "PyTorch's GroupNorm(4, 8)"),
        Example("{groups: 1, scale: false, shift: false}", ((8, 4, 4),), (8, 4, 4), ops={"norm": 128}),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return the input's shape; raise ShapeError where the groups do not divide the channels."""
        (shape,) = inputs
        if shape.channels % self.groups:
            raise ShapeError(f"{shape.channels} channels cannot be split into {self.groups} groups")
        return shape
