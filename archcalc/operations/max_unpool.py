"""Max unpooling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    CountFormula,
    Example,
    IntermediateFormula,
    Operation,
    ReadsOfAxes,
    Shape,
    ShapeError,
    required,
    setting,
)
from archcalc.operations.window import read_stamps, size
from archcalc.text.readers import optional, pair, whole
from archcalc.trace import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator


def unpooled(L: Any, K: Any, S: Any, P: Any) -> Any:
    """Return the smallest length that pools to L."""
    return (L - 1) * S - 2 * P + K


def switches(C_in: Any, H: Any, W: Any) -> Any:
    """Count one switch for each pooled value: the place in its window that it came from."""
    return C_in * H * W


class MaxUnpool(Operation):
    """Puts each value back where max pooling found it, and zeros everywhere else.

    Zeiler & Fergus 2013, "Visualizing and Understanding Convolutional Networks", section 2.1. The places are the
    switches that the pooling has kept, one index for each pooled value; they are not in the activation memory. The
    settings are those of the pooling; several lengths pool to the same one, and ``output_size`` says which it was.
    """

    word = "max_unpool"
    saved_for_backward = ""
    kernel: tuple[int, int] = required(size, "height and width of the pooling's window")
    stride: tuple[int, int] | None = setting(optional(size), "step of the window; the kernel's size if left out", None)
    pad: tuple[int, int] = setting(pair(whole(0), across=0), "padding of the pooling", (0, 0))
    output_size: tuple[int, int] | None = setting(
        optional(size), "height and width before pooling; the smallest that fits if left out", None
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
    )

    @property
    def resolved_stride(self) -> tuple[int, int]:
        """The stride; the kernel's size where none is given."""
        return self.stride if self.stride is not None else self.kernel

    def output(self, *inputs: Shape) -> Shape:
        """Return C x H' x W'; raise ShapeError for a size that does not pool to the input's."""
        (shape,) = inputs
        found = tuple(unpooled(**at) for at in self._axes(shape))
        asked = self.output_size or found
        if any(
            abs(want - length) >= resolved_stride
            for want, length, resolved_stride in zip(asked, found, self.resolved_stride, strict=True)
        ):
            raise ShapeError(f"{asked[0]} x {asked[1]} does not pool to {shape.height} x {shape.width}")
        if min(asked) < 1:
            raise ShapeError(f"nothing is left of {shape} after its padding")
        return Shape(shape.channels, *asked)

    def _axes(self, shape: Shape) -> tuple[dict[str, int], dict[str, int]]:
        height, width = (
            {"L": length, "K": kernel, "S": stride, "P": pad}
            for length, kernel, stride, pad in zip(shape[1:], self.kernel, self.resolved_stride, self.pad, strict=True)
        )
        return height, width

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the pooled values whose windows cover one place; the stride makes the places stand closer."""
        height, width = (read_stamps(at["K"], at["S"], at["P"]) for at in self._axes(shape))
        return height, width

    def formulas(self) -> Iterator[CountFormula]:
        """Yield one operation for each value that is put back."""
        yield CountFormula("ops", "pool", switches)

    def intermediate_formulas(self, inputs: tuple[Shape, ...]) -> Iterator[IntermediateFormula]:
        """Explain the output's height and width where they are not given, and the switches."""
        (shape,) = inputs
        if self.output_size is None:
            height, width = self._axes(shape)
            alike = height == width
            yield IntermediateFormula(
                "output height, width" if alike else "output height", unpooled, _named(height, "H")
            )
            if not alike:
                yield IntermediateFormula("output width", unpooled, _named(width, "W"))
        yield IntermediateFormula("switches, one index each", switches, self.quantities(inputs, shape))


def _named(at: dict[str, int], symbol: str) -> dict[str, Any]:
    return {name: Quantity(symbol if name == "L" else name, value) for name, value in at.items()}
