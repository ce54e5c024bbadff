"""ONNX operations that slide a window, and those that change the size of a map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.arrays import derived, whole_numbers
from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.exchange.operands import Operand
    from archcalc.exchange.readers.onnx.context import Context
    from archcalc.exchange.sizes import Pairs


def pairs(numbers: Sequence[int]) -> Pairs:
    """Pair ONNX's padding, which names all starts, then all ends."""
    half = len(numbers) // 2
    return tuple(zip(numbers[:half], numbers[half:], strict=False))


def _pads(c: Context) -> Pairs | str | None:
    auto = c.word("auto_pad", "NOTSET")
    if auto in ("SAME_UPPER", "SAME_LOWER"):
        return "same" if auto == "SAME_UPPER" else "same_lower"
    if auto == "VALID":
        return None
    numbers = c.ints("pads", -1)
    return pairs(numbers) if numbers else None


def conv(c: Context) -> list[Operand]:
    """Conv: the weights are filters x channels of a group x kernel."""
    if c.has(1) and not isinstance(c.arg(1), Const):
        given = (c.ints("strides", -1), _pads(c), c.ints("dilations", -1), c.whole("group", 1))
        return [c.net.correlation(c.tensor(0), c.tensor(1), *given)]
    weights = c.weights(1, 2)
    if not weights or len(weights[0].dims) < 3:
        raise ModelFault("it has no weights with a kernel")
    return [_convolved(c, weights)]


def _convolved(c: Context, weights: list[Const]) -> Operand:
    dims = weights[0].dims
    windows = (c.ints("strides", -1), _pads(c), c.ints("dilations", -1), c.whole("group", 1))
    return c.net.conv(c.tensor(0), weights, dims[0], dims[2:], *windows)


def quantized_conv(c: Context) -> list[Operand]:
    """QLinearConv and ConvInteger: a convolution of whole numbers, with scales and zero points between."""
    integer = c.node.op == "ConvInteger"
    weights = [c.const(1 if integer else 3, "weight")]
    if not integer and c.has(8):
        weights.append(c.const(8, "bias"))
    return [_convolved(c, weights)]


def conv_transpose(c: Context) -> list[Operand]:
    """ConvTranspose: the weights are channels x filters of a group x kernel."""
    weights = c.weights(1, 2)
    if not weights or len(weights[0].dims) < 3:
        raise ModelFault("it has no weights with a kernel")
    dims, groups = weights[0].dims, c.whole("group", 1)
    x = c.tensor(0)
    lengths, kernel = c.net.space(x), dims[2:]
    ones = (1,) * len(kernel)
    stride, dilation = c.ints("strides", -1) or ones, c.ints("dilations", -1) or ones
    added = c.ints("output_padding", -1) or (0,) * len(kernel)
    pads = _pads(c) or ((0, 0),) * len(kernel)
    asked = c.ints("output_shape", -1)
    if isinstance(pads, str) or asked:
        wanted = asked[-len(kernel) :] if asked else [size * step for size, step in zip(lengths, stride, strict=True)]
        pads, added = _cut(lengths, wanted, kernel, stride, dilation, added, c.word("auto_pad", "") == "SAME_LOWER")
    return [c.net.conv_transpose(x, weights, dims[1] * groups, kernel, stride, pads, added, dilation, groups)]


def _cut(
    lengths: Sequence[int],
    wanted: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
    added: Sequence[int],
    front: bool,
) -> tuple[Pairs, Sequence[int]]:
    """Return what is cut off, and what is added behind, so that the lengths asked for come out."""
    pads, behind = [], []
    for length, goal, size, step, apart, more in zip(lengths, wanted, kernel, stride, dilation, added, strict=True):
        total = step * (length - 1) + more + (size - 1) * apart + 1 - goal
        half = max(total, 0) // 2
        pads.append((max(total, 0) - half, half) if front else (half, max(total, 0) - half))
        behind.append(more + max(-total, 0))
    return tuple(pads), behind


def max_pool(c: Context) -> list[Operand]:
    """MaxPool, AveragePool and LpPool."""
    op = {"MaxPool": "max", "AveragePool": "avg", "LpPool": "lp"}[c.node.op]
    kernel = c.ints("kernel_shape", -1)
    if not kernel:
        raise ModelFault("it has no kernel_shape")
    stride = c.ints("strides", -1) or (1,) * len(kernel)
    rounding = "ceil" if c.whole("ceil_mode", 0) else "floor"
    x, pads = c.tensor(0), _pads(c)
    found: list[Operand] = [c.net.pool(x, op, kernel, stride, pads, c.ints("dilations", -1), rounding)]
    if c.outputs() > 1:
        found.append(c.net.add("indices", [x], c.net.shape(int(found[0]))))  # type: ignore[arg-type]
    return found


def max_unpool(c: Context) -> list[Operand]:
    """MaxUnpool: the size before a pooling."""
    x, kernel = c.tensor(0), c.ints("kernel_shape", -1)
    if not kernel:
        raise ModelFault("it has no kernel_shape")
    stride = c.ints("strides", -1) or (1,) * len(kernel)
    pads = pairs(c.ints("pads", -1) or (0,) * (2 * len(kernel)))
    shape = c.net.shape(x)
    given = c.ints("output_shape", 2)
    sizes = given[-len(kernel) :] if given else [
        (length - 1) * step - sum(pad) + size
        for length, step, pad, size in zip(shape[2:], stride, pads, kernel, strict=True)
    ]  # fmt: skip
    return [
        c.net.add(
            "max_unpool", [x], (*shape[:2], *sizes), kernel=tuple(kernel), stride=tuple(stride), pads=pads,
            given=bool(given),
        )
    ]  # fmt: skip


def global_pool(c: Context) -> list[Operand]:
    """GlobalAveragePool, GlobalMaxPool and GlobalLpPool."""
    op = {"GlobalAveragePool": "mean", "GlobalMaxPool": "max", "GlobalLpPool": "l2"}[c.node.op]
    x = c.tensor(0)
    return [c.net.reduce(x, op, range(2, len(c.net.shape(x))), keep=True)]


def resize(c: Context) -> list[Operand]:
    """Resize and Upsample: by sizes, or by scales that stand in an attribute or in the second or third input."""
    x = c.tensor(0)
    shape = c.net.shape(x)
    scales: Sequence[float] | None = c.attribute("scales", None)
    sizes: Sequence[int] | None = None
    if c.node.op == "Upsample" or c.opset < 11:
        scales = scales or _reals(c, 1)
    else:
        scales = _reals(c, 2)
        sizes = whole_numbers(c.const(3, "sizes"), "sizes") if c.has(3) else None
    axes = c.ints("axes", -1) or tuple(range(len(shape) - len(sizes or scales or shape), len(shape)))
    goal = list(shape)
    if not sizes and not scales:
        raise ModelFault("its scales or sizes are not constants that can be computed")
    for place, axis in enumerate(axes):
        goal[axis] = sizes[place] if sizes else int(shape[axis] * scales[place] + 1e-6)  # type: ignore[index]
    goal[0] = shape[0]
    factors = None if sizes or scales is None else dict(zip(axes, scales, strict=False))
    return [c.net.add("resize", [x], goal, mode=c.word("mode", "nearest"), scales=factors)]


def _reals(c: Context, place: int) -> Sequence[float] | None:
    held = c.const(place, "scales") if c.has(place) else None
    return held.values if held is not None and held.values else None


def pad(c: Context) -> list[Operand]:
    """Pad: starts and ends of all axes, or of those that an input names."""
    x = c.arg(0)
    numbers = c.ints("pads", 1) or c.ints("paddings", -1)
    if numbers is None:
        raise ModelFault("it has no pads")
    named = whole_numbers(c.const(3, "axes"), "axes") if c.has(3) else None
    rank = len(c.net.dims(x))
    found = [(0, 0)] * rank
    for axis, pair in zip(named if named is not None else range(rank), pairs(numbers), strict=False):
        found[axis] = pair
    if isinstance(x, Const):
        return [derived([length + sum(pair) for length, pair in zip(x.dims, found, strict=True)], x)]
    return [c.net.pad(x, found)]


def depth_to_space(c: Context) -> list[Operand]:
    """DepthToSpace and SpaceToDepth."""
    block = c.whole("blocksize", 1)
    if c.node.op == "SpaceToDepth":
        return [c.net.space_to_depth(c.tensor(0), block)]
    return [c.net.depth_to_space(c.tensor(0), block, depth_first=c.word("mode", "DCR") == "CRD")]


def regions(c: Context) -> list[Operand]:
    """RoiAlign and MaxRoiPool: one region of a map, whatever their number."""
    x = c.tensor(0)
    shape = c.net.shape(x)
    pooled = c.ints("pooled_shape", -1) or (c.whole("output_height", 1), c.whole("output_width", 1))
    if len(shape) != 4 or len(pooled) != 2:
        raise ModelFault(f"regions of {by(shape)}")
    c.net.remark("regions are read as one region: the figures are those of one box")
    return [c.net.add("roi_pool", [x], (1, shape[1], *pooled))]


OPERATIONS: dict[str, Callable[[Context], list[Operand]]] = {
    "Conv": conv,
    "QLinearConv": quantized_conv,
    "ConvInteger": quantized_conv,
    "ConvTranspose": conv_transpose,
    "MaxPool": max_pool,
    "AveragePool": max_pool,
    "LpPool": max_pool,
    "MaxUnpool": max_unpool,
    "GlobalAveragePool": global_pool,
    "GlobalMaxPool": global_pool,
    "GlobalLpPool": global_pool,
    "Resize": resize,
    "Upsample": resize,
    "Pad": pad,
    "DepthToSpace": depth_to_space,
    "SpaceToDepth": depth_to_space,
    "RoiAlign": regions,
    "MaxRoiPool": regions,
}
