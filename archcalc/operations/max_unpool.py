"""Max unpooling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    CountFormula,
    Example,
    IntermediateFormula,
    Operation,
    Reads,
    ReadsOfAxes,
    Shape,
    ShapeError,
    required,
    setting,
)
from archcalc.operations.window import multiplied, named, read_stamps, same_padding, shared_padding, size
from archcalc.text.readers import Padding, like, optional, padding

if TYPE_CHECKING:
    from collections.abc import Iterator


def unpooled(L: Any, K: Any, S: Any, P: Any, Q: Any) -> Any:
    """Return the smallest length that pools to L."""
    return (L - 1) * S - (2 * P if P == Q else P + Q) + K


def switches(C_in: Any, H: Any, W: Any) -> Any:
    """Count one switch for each pooled value: the place in its window that it came from."""
    return C_in * H * W


class MaxUnpool(Operation):
    """Puts each value back where max pooling found it, and zeros everywhere else.

    Zeiler & Fergus 2013, "Visualizing and Understanding Convolutional Networks", section 2.1. The positions are the
    switches kept by the pooling, one index for each pooled value; they are not part of the activation memory. The
    settings are those of the pooling; several sizes pool to the same one, and ``output_size`` says which it was.
    """

    word = "max_unpool"
    saved_for_backward = ""
    kernel: tuple[int, int] = required(size, "height and width of the pooling's window")
    stride: tuple[int, int] | None = setting(optional(size), "step of the window; the kernel's size if left out", None)
    pad: Padding | str = setting(padding, "padding of the pooling", (0, 0, 0, 0))
    output_size: tuple[int, int] | None = setting(
        optional(size), "height and width before pooling; the smallest that fits if left out, S·H with same", None
    )
    like: tuple[int, int] | None = setting(
        optional(like), "a layer with the height and width before pooling, such as the input of the pooling", None
    )
    examples = (
        Example("{kernel: 2}", ((64, 7, 7),), (64, 14, 14), ops={"pool": 3_136}),
        Example(
            "{kernel: 3, stride: 2}", ((256, 6, 6),), (256, 13, 13), ops={"pool": 9_216}, source="ZFNet's pool5, undone"
        ),
        Example(
            "{kernel: 3, stride: 2, output_size: 110}",
            ((96, 55, 55),),
            (96, 110, 110),
            ops={"pool": 290_400},
            source="ZFNet's pool1, undone: 111 would be the smallest if sizes were rounded down",
        ),
        Example("{kernel: 3, stride: 2, pad: same}", ((8, 7, 7),), (8, 14, 14), ops={"pool": 392}),
        Example("{kernel: 3, stride: 2, pad: same, output_size: 13}", ((8, 7, 7),), (8, 13, 13), ops={"pool": 392}),
        Example(
            "{kernel: 3, stride: 2, pad: {top: 0, bottom: 1, left: 1, right: 1}}",
            ((1, 4, 4),),
            (1, 8, 7),
            ops={"pool": 16},
        ),
    )

    @property
    def resolved_stride(self) -> tuple[int, int]:
        """The stride; the kernel's size where none is given."""
        return self.stride if self.stride is not None else self.kernel

    def check(self) -> None:
        """Require one size before pooling at most."""
        if self.output_size is not None and self.like is not None:
            raise ShapeError("needs output_size or like, not both")

    def output(self, *inputs: Shape) -> Shape:
        """Return C x H' x W'; raise ShapeError for a size that does not pool to the input's."""
        (shape,) = inputs
        asked = self._lengths(shape)
        if min(asked) < 1:
            raise ShapeError(f"nothing is left of {shape} after its padding")
        if not all(self._pools_back(length, shape, axis) for axis, length in enumerate(asked)):
            raise ShapeError(f"{asked[0]} x {asked[1]} does not pool to {shape.height} x {shape.width}")
        return Shape(shape.channels, *asked)

    def padding(self, shape: Shape) -> tuple[int, int, int, int]:
        """Return the padding of the pooling above, below, left and right, also where it is ``same``."""
        if not isinstance(self.pad, str):
            return self.pad
        sides = (
            shared_padding(same_padding(length, kernel, stride, 1), self.pad)
            for length, kernel, stride in zip(self._lengths(shape), self.kernel, self.resolved_stride, strict=True)
        )
        (top, bottom), (left, right) = sides
        return top, bottom, left, right

    def _lengths(self, shape: Shape) -> tuple[int, int]:
        """Return the height and width that are asked for, or that follow."""
        found = self.output_size or self.like
        if found is not None:
            return found
        formula: Any = multiplied if isinstance(self.pad, str) else unpooled
        height, width = (formula(**at) for at in self._named_axes(shape))
        return height, width

    def _pools_back(self, length: int, shape: Shape, axis: int) -> bool:
        pooled, stride = shape[1 + axis], self.resolved_stride[axis]
        if isinstance(self.pad, str):
            return -(-length // stride) == pooled
        smallest = unpooled(pooled, self.kernel[axis], stride, *self.pad[2 * axis : 2 * axis + 2])
        return bool(abs(length - smallest) < stride)

    def _named_axes(self, shape: Shape) -> tuple[dict[str, int], dict[str, int]]:
        """Return the quantities that the lengths follow from."""
        height, width = (
            {"L": length, "S": self.resolved_stride[axis]}
            if isinstance(self.pad, str)
            else {
                "L": length,
                "K": self.kernel[axis],
                "S": self.resolved_stride[axis],
                "P": self.pad[2 * axis],
                "Q": self.pad[2 * axis + 1],
            }
            for axis, length in enumerate(shape[1:])
        )
        return height, width

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the pooled values whose windows cover one place; the stride makes the places stand closer."""
        height, width = (self._axis_reads(length, shape, axis) for axis, length in enumerate(self._lengths(shape)))
        return height, width

    def _axis_reads(self, length: int, shape: Shape, axis: int) -> Reads | None:
        kernel, stride = self.kernel[axis], self.resolved_stride[axis]
        if isinstance(self.pad, str):
            both = max((shape[1 + axis] - 1) * stride + kernel - length, 0)
            before, _ = shared_padding(both, self.pad)
        else:
            before = self.pad[2 * axis]
        return read_stamps(kernel, stride, before)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation for each value that is put back."""
        yield CountFormula("ops", "pool", switches)

    def intermediate_formulas(self, inputs: tuple[Shape, ...]) -> Iterator[IntermediateFormula]:
        """Explain the output's height and width where they are not given, and the switches."""
        (shape,) = inputs
        if self.output_size is None and self.like is None:
            height, width = self._named_axes(shape)
            formula = multiplied if isinstance(self.pad, str) else unpooled
            alike = height == width
            yield IntermediateFormula("output height, width" if alike else "output height", formula, named(height, "H"))
            if not alike:
                yield IntermediateFormula("output width", formula, named(width, "W"))
        yield IntermediateFormula("switches, one index each", switches, self.quantities(inputs, shape))
