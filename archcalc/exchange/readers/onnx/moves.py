"""ONNX operations that move, take or name values, and the arithmetic of shapes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from archcalc.exchange.arrays import whole_numbers
from archcalc.exchange.sizes import positive_axis
from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operand
    from archcalc.exchange.readers.onnx.context import Context


def same(c: Context) -> list[Operand]:
    """Hand the first input on: Identity, Cast, and what quantisation wraps around values."""
    return [c.arg(0)]


def dropout(c: Context) -> list[Operand]:
    """Dropout does nothing once training is over; its second output is the mask."""
    return [c.arg(0), Const(c.net.dims(c.arg(0)))][: c.outputs()]


def constant(c: Context) -> list[Operand]:
    """Constant: a tensor, or numbers, in an attribute."""
    for word in ("value", "value_float", "value_int", "value_floats", "value_ints"):
        held = c.attribute(word, None)
        if isinstance(held, Const):
            return [held.replace(key=c.node.outputs[0] if held.size > 1 else "", learned=held.size > 1)]
        if isinstance(held, (int, float)):
            return [Const((), (held,))]
        if isinstance(held, tuple):
            return [Const((len(held),), held)]
    raise ModelFault("it holds no numbers")


def constant_of_shape(c: Context) -> list[Operand]:
    """ConstantOfShape: one value many times; old light models make their weights so."""
    dims = list(whole_numbers(c.const(0, "shape"), "shape"))
    if any(length < 0 for length in dims):
        raise ModelFault(f"a tensor of {by(dims)}")
    value = c.attribute("value", None)
    each = value.values[0] if isinstance(value, Const) and value.values else 0.0
    size = math.prod(dims)
    weight = Const(tuple(dims), None, c.node.outputs[0] if size > 1 else "", learned=size > 1)
    return [c.net.folding.const(dims, lambda: (each,) * size, weight)]


def shape(c: Context) -> list[Operand]:
    """Shape: the size of each axis, or of a run of axes."""
    dims = c.net.dims(c.arg(0))
    start, end = c.whole("start", 0), c.whole("end", len(dims))
    taken = dims[start:end]
    return [Const((len(taken),), taken)]


def size(c: Context) -> list[Operand]:
    """Size: how many values."""
    return [Const((), (math.prod(c.net.dims(c.arg(0))),))]


def reshape(c: Context) -> list[Operand]:
    """Reshape: the target is an attribute in the oldest files, an input since."""
    target = c.ints("shape", 1)
    if target is None:
        raise ModelFault("it has no shape")
    return [c.net.reshape_to(c.arg(0), target, zero_copies=not c.whole("allowzero", 0))]


def flatten(c: Context) -> list[Operand]:
    """Flatten: a matrix, whose first axis is what stands before ``axis``."""
    dims = c.net.dims(c.arg(0))
    axis = c.whole("axis", 1)
    axis = axis + len(dims) if axis < 0 else axis
    return [c.net.reshape_to(c.arg(0), [math.prod(dims[:axis]), math.prod(dims[axis:])])]


def transpose(c: Context) -> list[Operand]:
    """Transpose: backwards where no order is given."""
    rank = len(c.net.dims(c.arg(0)))
    return [c.net.permute(c.arg(0), c.ints("perm", -1) or range(rank - 1, -1, -1))]


def squeeze(c: Context) -> list[Operand]:
    """Squeeze: the axes stand in an input since opset 13."""
    return [c.net.squeeze(c.arg(0), c.ints("axes", 1))]


def unsqueeze(c: Context) -> list[Operand]:
    """Unsqueeze: the axes stand in an input since opset 13."""
    axes = c.ints("axes", 1)
    if axes is None:
        raise ModelFault("it has no axes")
    return [c.net.unsqueeze(c.arg(0), axes)]


def concat(c: Context) -> list[Operand]:
    """Concat."""
    return [c.net.join(c.args(), c.whole("axis", 1))]


def split(c: Context) -> list[Operand]:
    """Split: by sizes, or into as many equal parts as there are outputs."""
    x = c.arg(0)
    dims = c.net.dims(x)
    axis = positive_axis(c.whole("axis", 0), len(dims))
    sizes = c.ints("split", 1)
    if sizes is None:
        parts = c.whole("num_outputs", c.outputs())
        each = -(-dims[axis] // parts)
        sizes = [min(each, dims[axis] - each * part) for part in range(parts)]
    found: list[Operand] = []
    start = 0
    for length in sizes:
        found.append(c.net.part(x, axis, start, start + length))
        start += length
    if start != dims[axis]:
        raise ModelFault(f"parts of {by(sizes)}, of an axis of {dims[axis]}")
    return found


def sequence(c: Context) -> list[Operand]:
    """SplitToSequence, SequenceConstruct, SequenceAt and ConcatFromSequence, where it is known what they hold."""
    if c.node.op == "SequenceConstruct":
        c.lists[c.node.outputs[0]] = c.args()
        return []
    if c.node.op == "SplitToSequence":
        x = c.arg(0)
        dims = c.net.dims(x)
        axis = positive_axis(c.whole("axis", 0), len(dims))
        sizes = c.ints("split", 1, (1,)) or (1,)
        if (c.has(1) and not c.const(1, "split").dims) or not c.has(1):
            each = max(sizes[0], 1)
            sizes = [min(each, dims[axis] - start) for start in range(0, dims[axis], each)]
        parts = [c.net.part(x, axis, sum(sizes[:at]), sum(sizes[: at + 1])) for at in range(len(sizes))]
        if not c.has(1) and not c.whole("keepdims", 1):
            parts = [c.net.squeeze(part, [axis]) for part in parts]
        c.lists[c.node.outputs[0]] = parts
        return []
    held = c.lists.get(c.node.inputs[0])
    if held is None:
        raise ModelFault("it reads a list that cannot be computed")
    if c.node.op == "SequenceAt":
        return [held[whole_numbers(c.const(1, "position"), "position")[0]]]
    axis = c.whole("axis", 0)
    if c.whole("new_axis", 0):
        held = [c.net.unsqueeze(each, [axis]) for each in held]
    return [c.net.join(held, axis)]


def slice_(c: Context) -> list[Operand]:
    """Slice: starts, ends, axes and steps are inputs since opset 10."""
    x = c.arg(0)
    starts, ends = c.ints("starts", 1), c.ints("ends", 2)
    if starts is None or ends is None or len(starts) != len(ends):
        raise ModelFault("it has no starts and ends that belong together")
    axes = c.ints("axes", 3) or range(len(starts))
    steps = c.ints("steps", 4) or (1,) * len(starts)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        x = c.net.part(x, axis, start, end if step > 0 or end > -(2**31) else None, step)  # type: ignore[arg-type]
    return [x]


def expand(c: Context) -> list[Operand]:
    """Expand: repeats along axes of one."""
    return [c.net.expand(c.arg(0), whole_numbers(c.const(1, "shape"), "shape"))]


OPERATIONS: dict[str, Callable[[Context], list[Operand]]] = {
    **dict.fromkeys(("Identity", "Cast", "CastLike", "QuantizeLinear", "DequantizeLinear", "Optional"), same),
    "FakeQuantWithMinMaxVars": same,
    "Dropout": dropout,
    "Constant": constant,
    "ConstantOfShape": constant_of_shape,
    "Shape": shape,
    "Size": size,
    "Reshape": reshape,
    "Flatten": flatten,
    "Transpose": transpose,
    "Squeeze": squeeze,
    "Unsqueeze": unsqueeze,
    "Concat": concat,
    **dict.fromkeys(("SplitToSequence", "SequenceConstruct", "SequenceAt", "ConcatFromSequence"), sequence),
    "Split": split,
    "Slice": slice_,
    "Expand": expand,
}
