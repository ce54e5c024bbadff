"""Sliding a window along an axis: the one formula that convolution and pooling share.

Sources: Dumoulin & Visin 2016, "A guide to convolution arithmetic", relationship 6 (floor); Caffe's
pooling_layer.cpp for the ceiling that is clipped; TensorFlow's "same".
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    MAX_PERIOD,
    IntermediateFormula,
    Operation,
    Reads,
    ReadsOfAxes,
    Shape,
    ShapeError,
    Unseen,
    read_window,
    setting,
)
from archcalc.text.readers import Padding, choice, optional, padding, pair, whole
from archcalc.trace import ceil_div, maximum

if TYPE_CHECKING:
    from collections.abc import Iterator


def effective_kernel(K: Any, D: Any) -> Any:
    """Return how far a kernel of K taps reaches when they stand D apart."""
    return K if D == 1 else D * (K - 1) + 1


def padded(L: Any, P: Any, Q: Any) -> Any:
    """Return a length with P in front and Q behind."""
    return L + 2 * P if P == Q else L + P + Q


def floor_length(L: Any, K: Any, S: Any, P: Any, Q: Any, D: Any) -> Any:
    """Count the places of a window that stays inside."""
    return (padded(L, P, Q) - effective_kernel(K, D)) // S + 1


def covering_length(L: Any, K: Any, S: Any, P: Any, Q: Any, D: Any) -> Any:
    """Count the places of a window of which the last may hang over."""
    return ceil_div(padded(L, P, Q) - effective_kernel(K, D), S) + 1


def ceil_length(L: Any, K: Any, S: Any, P: Any, Q: Any, D: Any) -> Any:
    """Count the places as PyTorch's and ONNX's ceil_mode do: none may begin behind the input, padded in front."""
    length = covering_length(L, K, S, P, Q, D)
    return length - 1 if (length - 1) * S >= L + P else length


def caffe_length(L: Any, K: Any, S: Any, P: Any, Q: Any, D: Any) -> Any:
    """Count the places as Caffe's pooling does: where there is padding, none may begin in the padding behind."""
    return ceil_length(L, K, S, P, Q, D) if P or Q else covering_length(L, K, S, P, Q, D)


def read_stamps(kernel: int, stride: int, pad: int, dilation: int = 1) -> Reads | None:
    """Return what the places read that a kernel is stamped on at steps of the stride, less the padding.

    Input j reaches the places j·stride + tap·dilation. None where the stride is too long to say it place by place.
    """
    if stride > MAX_PERIOD:
        return None
    from fractions import Fraction

    shared = gcd(stride, dilation)
    between = stride // shared  # taps between two that reach one place
    first, last = [], []
    for place in range(pad, pad + stride):
        tap = next((tap for tap in range(min(kernel, between)) if (place - tap * dilation) % stride == 0), None)
        if tap is None:  # no stamp reaches here
            first.append(1)
            last.append(0)
            continue
        last.append((place - tap * dilation) // stride)
        first.append(last[-1] - (kernel - 1 - tap) // between * (dilation // shared))
    return Reads(stride, 1, tuple(first), tuple(last), dilation // shared, Fraction(1, stride))


def same_output_length(L: Any, S: Any) -> Any:
    """Count the places of a window that is padded as far as it needs."""
    return ceil_div(L, S)


def same_padding(L: Any, K: Any, S: Any, D: Any) -> Any:
    """Return all the padding that ``same`` adds to an axis."""
    return maximum((ceil_div(L, S) - 1) * S + effective_kernel(K, D) - L, 0)


def multiplied(L: Any, S: Any) -> Any:
    """Count the places that ``same`` leaves of a map whose places become S each: a window run backwards."""
    return L * S


def shared_padding(both: int, word: str) -> tuple[int, int]:
    """Return what goes in front and what goes behind; ``same`` has the odd one behind, ``same_lower`` in front."""
    less, more = both // 2, both - both // 2
    return (more, less) if word == "same_lower" else (less, more)


ROUNDING = {"floor": floor_length, "ceil": ceil_length, "caffe": caffe_length}
"""What happens where the stride does not divide: word to the output's length."""

size = pair(whole(1))


class Windowed(Operation):
    """An operation whose window slides over the input."""

    kernel: tuple[int, int] = setting(size, "height and width of the window", (1, 1))
    stride: tuple[int, int] | None = setting(optional(size), "step of the window", (1, 1))
    pad: Padding | str = setting(
        padding,
        "zeros around the input; same keeps ⌈H / S⌉ rows, an odd one at the end (same_lower: at the beginning)",
        (0, 0, 0, 0),
    )
    dilation: tuple[int, int] = setting(size, "distance of the kernel's taps", (1, 1))
    round: str = setting(
        choice(*ROUNDING),
        "if the stride does not divide evenly: floor; ceil (ceil_mode of PyTorch and ONNX); caffe (Caffe's pooling)",
        "floor",
    )

    @property
    def resolved_stride(self) -> tuple[int, int]:
        """The stride; the kernel's size where none is given (pooling)."""
        return self.stride if self.stride is not None else self.kernel

    def axes(self, shape: Shape) -> tuple[dict[str, int], dict[str, int]]:
        """Return the quantities of the window formula along the height and along the width."""
        height = self._axis(shape.height, 0)
        width = self._axis(shape.width, 1)
        return height, width

    def _axis(self, length: int, axis: int) -> dict[str, int]:
        kernel, stride, dilation = self.kernel[axis], self.resolved_stride[axis], self.dilation[axis]
        if isinstance(self.pad, str):
            before, behind = shared_padding(same_padding(length, kernel, stride, dilation), self.pad)
        else:
            before, behind = self.pad[2 * axis : 2 * axis + 2]
        return {"L": length, "K": kernel, "S": stride, "P": before, "Q": behind, "D": dilation}

    def padding(self, shape: Shape) -> tuple[int, int, int, int]:
        """Return the padding above, below, left and right of an input, also where it is ``same``."""
        height, width = self.axes(shape)
        return height["P"], height["Q"], width["P"], width["Q"]

    def slide(self, shape: Shape) -> tuple[int, int]:
        """Return the output's height and width; raise ShapeError where the window does not fit."""
        return self._length(shape.height, 0, shape), self._length(shape.width, 1, shape)

    def _length(self, length: int, axis: int, shape: Shape) -> int:
        if isinstance(self.pad, str):
            return int(same_output_length(length, self.resolved_stride[axis]))
        at = self._axis(length, axis)
        if effective_kernel(at["K"], at["D"]) > at["L"] + at["P"] + at["Q"]:
            kernel = " x ".join(str(effective_kernel(k, d)) for k, d in zip(self.kernel, self.dilation, strict=True))
            raise ShapeError(
                f"its {kernel} window is larger than its padded input, {self._padded(shape)} (from {shape})"
            )
        return int(ROUNDING[self.round](**at))

    def _padded(self, shape: Shape) -> str:
        return " x ".join(str(at["L"] + at["P"] + at["Q"]) for at in self.axes(shape))

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See as far as the dilated kernel reaches."""
        height, width = (read_window(-at["P"], at["K"], at["S"], at["D"]) for at in self.axes(shape))
        return height, width

    def intermediate_formulas(self, inputs: tuple[Shape, ...]) -> Iterator[IntermediateFormula]:
        """Explain the output's height and width, in one line where they are alike."""
        height, width = self.axes(inputs[0])
        alike = height == width
        for says, symbol, at in (
            ("output height, width" if alike else "output height", "H", height),
            ("output width", "W", width),
        ):
            if alike and symbol == "W":
                return
            if isinstance(self.pad, str):
                yield IntermediateFormula("padding, both sides", same_padding, named(at, symbol, "L", "K", "S", "D"))
                yield IntermediateFormula(says, same_output_length, named(at, symbol, "L", "S"))
            else:
                yield IntermediateFormula(says, ROUNDING[self.round], named(at, symbol))

    def remarks(self, shape: Shape) -> Iterator[str]:
        """Point out taps that only padding meets, and where ``ceil`` means less than it did before 0.2.0."""
        for side, at in zip(("high", "wide"), self.axes(shape), strict=True):
            seen = sum(0 <= tap * at["D"] - at["P"] < at["L"] for tap in range(min(at["K"], MAX_PERIOD)))
            if at["L"] == 1 and at["K"] > 1 and shape.values > shape.channels:
                yield (
                    f"its kernel is {at['K']} {side} on a map that is 1 {side}: {at['K'] - seen} of {at['K']}"
                    f" {'rows' if side == 'high' else 'columns'} of taps meet nothing but padding"
                )
            if not isinstance(self.pad, str) and self.round == "ceil" and covering_length(**at) != ceil_length(**at):
                yield (
                    f"round: ceil is the ceil_mode of PyTorch and ONNX since 0.2.0: {ceil_length(**at)} places {side},"
                    f" where 0.1.0 had {covering_length(**at)}"
                )

    def unseen(self, shape: Shape) -> Iterator[Unseen]:
        """Point out rows or columns of the input itself that no window reaches, where the kernel is not the cause."""
        if isinstance(self.pad, str):
            return
        for axis, at in zip(("rows", "columns"), self.axes(shape), strict=True):
            span = effective_kernel(at["K"], at["D"])
            output_length = int(ROUNDING[self.round](**at))
            missed = at["L"] - ((output_length - 1) * at["S"] + span - at["P"])
            if missed > 0 and at["K"] >= at["S"]:
                whole = at["L"] + at["P"] + at["Q"]
                yield Unseen(axis, at["L"], whole, span, at["S"], output_length, missed, _lengths_that_fit(at, span))


def named(at: dict[str, int], symbol: str, *names: str) -> dict[str, Any]:
    """Return quantities of an axis for an explanation, all of them or some, where the length has its own symbol."""
    from archcalc.trace import Quantity

    return {name: Quantity(symbol if name == "L" else name, at[name]) for name in names or at}


def _lengths_that_fit(at: dict[str, int], span: int) -> tuple[int, ...]:
    """Return the nearest lengths, below and above, whose padded rest the stride divides."""
    rest = (at["L"] + at["P"] + at["Q"] - span) % at["S"]
    below, above = at["L"] - rest, at["L"] - rest + at["S"]
    return tuple(length for length in (below, above) if length >= 1)
