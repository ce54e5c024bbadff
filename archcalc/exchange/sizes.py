"""Lengths that windows, strides and padding leave, by the rules of the programs whose files are read.

Sources: ONNX's operator definitions (Conv, ConvTranspose, MaxPool and their ceil_mode), PyTorch's pooling_output_shape,
Caffe's conv_layer.cpp, pooling_layer.cpp and deconv_layer.cpp, Keras' compute_conv_output_shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.tensors import ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Sequence

Pairs = tuple[tuple[int, int], ...]
"""Padding in front of and behind each axis of space."""


def reach(kernel: int, dilation: int) -> int:
    """Return how far the taps of a kernel reach."""
    return dilation * (kernel - 1) + 1


def same_pads(length: int, kernel: int, stride: int, dilation: int, front: bool = False) -> tuple[int, int]:
    """Return the padding that keeps ⌈L / S⌉ places; the odd one behind, or in front."""
    both = max((-(-length // stride) - 1) * stride + reach(kernel, dilation) - length, 0)
    return (both - both // 2, both // 2) if front else (both // 2, both - both // 2)


def window_length(length: int, kernel: int, stride: int, pads: tuple[int, int], dilation: int, rounding: str) -> int:
    """Count the stops of a window.

    ``floor``: those that stay inside. ``ceil``: also a last one that hangs over, unless it would start in the padding
    behind (PyTorch, ONNX). ``caffe``: likewise, but that one is dropped only where there is padding.
    """
    room = length + sum(pads) - reach(kernel, dilation)
    if room < 0:
        return 0
    if rounding == "floor":
        return room // stride + 1
    stops = -(-room // stride) + 1
    starts_behind = (stops - 1) * stride >= length + pads[0]
    return stops - 1 if starts_behind and (rounding == "ceil" or any(pads)) else stops


def window_lengths(
    lengths: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    pads: Pairs | str,
    dilation: Sequence[int],
    rounding: str = "floor",
) -> tuple[int, ...]:
    """Return the output's lengths, one for each axis of space; raise ModelFault where the window does not fit."""
    check_window(lengths, kernel, stride, dilation)
    if isinstance(pads, str):
        return tuple(-(-length // step) for length, step in zip(lengths, stride, strict=True))
    found = tuple(
        window_length(length, size, step, pad, apart, rounding)
        for length, size, step, pad, apart in zip(lengths, kernel, stride, pads, dilation, strict=True)
    )
    if min(found) < 1:
        padded = by([length + sum(pad) for length, pad in zip(lengths, pads, strict=True)])
        reaching = by([reach(size, apart) for size, apart in zip(kernel, dilation, strict=True)])
        raise ModelFault(f"its {reaching} window is larger than its padded input, {padded}")
    return found


def check_window(lengths: Sequence[int], *settings: Sequence[int]) -> None:
    """Require one number, at least 1, for each axis of space, of which there may be one or two."""
    if len(lengths) not in (1, 2):
        what = "three dimensions of space" if len(lengths) == 3 else f"{len(lengths)} dimensions of space"
        raise ModelFault(f"it slides over {what}; archcalc reads maps (C x H x W) and sequences (C x L)")
    for numbers in settings:
        if len(numbers) != len(lengths):
            raise ModelFault(f"{len(numbers)} numbers ({by(numbers)}) for {len(lengths)} axes")
        if min(numbers) < 1:
            raise ModelFault(f"a window, stride or dilation of {by(numbers)}")


def transposed_lengths(
    lengths: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    pads: Pairs,
    dilation: Sequence[int],
    output_pad: Sequence[int],
) -> tuple[int, ...]:
    """Return the lengths that a transposed convolution makes."""
    check_window(lengths, kernel, stride, dilation)
    return tuple(
        (length - 1) * step - sum(pad) + reach(size, apart) + added
        for length, size, step, pad, apart, added in zip(
            lengths, kernel, stride, pads, dilation, output_pad, strict=True
        )
    )


def broadcast(*shapes: Sequence[int]) -> tuple[int, ...]:
    """Return the shape of values taken together as NumPy does; raise ModelFault where they do not fit."""
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + tuple(shape) for shape in shapes]
    found = []
    for lengths in zip(*padded, strict=True):
        longest = max(lengths)
        if any(length not in (1, longest) for length in lengths):
            raise ModelFault(f"its inputs do not fit: {' and '.join(map(by, shapes))}")
        found.append(longest)
    return tuple(found)


def reshaped(shape: Sequence[int], target: Sequence[int], file_batch: int = 1, zero_copies: bool = True) -> list[int]:
    """Work out the sizes that a reshape asks for: 0 keeps an axis, -1 is what is left; the batch becomes one."""
    from math import prod

    size = prod(shape)
    found = [
        shape[axis] if length == 0 and zero_copies and axis < len(shape) else length
        for axis, length in enumerate(target)
    ]
    for divide in dict.fromkeys((file_batch, 1)):
        tried = list(found)
        if divide > 1:
            if not tried or tried[0] < 1 or tried[0] % divide:
                continue
            tried[0] //= divide
        known = prod(length for length in tried if length != -1)
        if tried.count(-1) == 1 and known > 0 and size % known == 0:
            return [size // known if length == -1 else length for length in tried]
        if -1 not in tried and known == size:
            return tried
    raise ModelFault(f"{by(shape)} cannot be reshaped to {by(target)}")


def positive_axis(axis: object, rank: int) -> int:
    """Return an axis counted from the front; raise ModelFault where there is none such."""
    if not isinstance(axis, int):
        raise ModelFault(f"{str(axis)[:40]!r}, where an axis is expected")
    if not -rank <= axis < max(rank, 1):
        raise ModelFault(f"axis {axis} of a tensor with {rank} axes")
    return axis % rank if rank else 0
