"""Padding of a map."""

from __future__ import annotations

from archcalc.operations.base import (
    Example,
    Operation,
    ReadsOfAxes,
    Shape,
    ShapeError,
    read_window,
    setting,
)
from archcalc.text.readers import Padding, choice, like, optional, sides, whole

FITS = {
    "zero": None,
    "replicate": None,
    "reflect": "less than the map",
    "circular": "no more than the map",
}
"""Word to what the padding has to be, where it repeats what the map holds (as PyTorch requires)."""


class Pad(Operation):
    """Adds rows and columns around a map: zeros, or values of the map.

    PyTorch's ZeroPad2d, ReflectionPad2d, ReplicationPad2d and CircularPad2d. For the zeros of a convolution or pooling,
    use its setting `pad`. With `like` the map stays in the middle; if an odd number is missing, the larger part goes to
    the end.
    """

    word = "pad"
    saved_for_backward = ""
    sides: Padding = setting(sides, "rows and columns added on each side", (0, 0, 0, 0))
    top: int | None = setting(optional(whole(0)), "rows above, if different from sides", None)
    bottom: int | None = setting(optional(whole(0)), "rows below, if different from sides", None)
    left: int | None = setting(optional(whole(0)), "columns to the left, if different from sides", None)
    right: int | None = setting(optional(whole(0)), "columns to the right, if different from sides", None)
    like: tuple[int, int] | None = setting(
        optional(like), "a layer whose height and width the map is padded to, instead of sides", None
    )
    mode: str = setting(
        choice(*FITS),
        "what is added: zeros, the border repeated, the map mirrored, or the map from its other end",
        "zero",
    )
    examples = (
        Example("3", ((3, 224, 224),), (3, 230, 230), source="Keras' ResNet50: conv1_pad"),
        Example("{bottom: 1, right: 1}", ((32, 112, 112),), (32, 113, 113), source="Keras' MobileNet: conv_pad_2"),
        Example("{sides: [1, 3], mode: reflect}", ((3, 4, 4),), (3, 6, 10)),
        Example("{sides: 3, mode: reflect}", ((3, 256, 256),), (3, 262, 262), source="CycleGAN's generator"),
    )

    def check(self) -> None:
        """Require one way of saying what is added."""
        if self.like is not None and (any(self.sides) or self._given.count(None) < 4):
            raise ShapeError("needs sides or like, not both")

    @property
    def _given(self) -> tuple[int | None, int | None, int | None, int | None]:
        return (self.top, self.bottom, self.left, self.right)

    def added(self, shape: Shape) -> Padding:
        """Return what is added: above, below, to the left and to the right."""
        if self.like is not None:
            rows, columns = self.like[0] - shape.height, self.like[1] - shape.width
            return (rows // 2, rows - rows // 2, columns // 2, columns - columns // 2)
        top, bottom, left, right = (
            all_sides if own is None else own for own, all_sides in zip(self._given, self.sides, strict=True)
        )
        return (top, bottom, left, right)

    def output(self, *inputs: Shape) -> Shape:
        """Return C x (H + top + bottom) x (W + left + right); raise ShapeError where there is nothing to mirror."""
        (shape,) = inputs
        top, bottom, left, right = self.added(shape)
        if min(top, left) < 0:
            assert self.like is not None
            raise ShapeError(f"{shape} is larger than {self.like[0]} x {self.like[1]}; crop cuts it")
        for most, length, axis in (
            (max(top, bottom), shape.height, "rows"),
            (max(left, right), shape.width, "columns"),
        ):
            if FITS[self.mode] and most > length - (self.mode == "reflect"):
                raise ShapeError(
                    f"{most} {axis} of padding on {shape}; with mode: {self.mode} {FITS[self.mode]}'s {length}"
                )
        return Shape(shape.channels, shape.height + top + bottom, shape.width + left + right)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """Each place is one of the input; the others are padding."""
        top, _, left, _ = self.added(shape)
        return read_window(-top, 1, 1), read_window(-left, 1, 1)
