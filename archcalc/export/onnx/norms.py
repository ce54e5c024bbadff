"""Normalisations, in ONNX: one operation where opset 17 has it, arithmetic where it has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.export.onnx.context import Context
    from archcalc.export.onnx.graph import Value

SMALL = 1e-5
"""What is added to a variance before its root is taken: PyTorch's and ONNX's default."""


def _affine(c: Context, x: Value, dims: Sequence[int]) -> Value:
    """Multiply by the learned scale and add the learned shift, where there are such; the last makes the output."""
    scale, shift = c.operation.scale, getattr(c.operation, "shift", False)
    if scale:
        add = c.add if shift else c.end
        x = add("Mul", [x, c.weight("weight", dims)], x.dims)
    return c.end("Add", [x, c.weight("bias", dims)], x.dims) if shift else x


def _each(c: Context) -> tuple[int, ...]:
    return (1, c.output.channels, 1, 1)


def _parts(c: Context, count: int) -> list[Value | str]:
    """Return scale and shift as an operation wants them: ones and zeros where nothing is learned."""
    held = c.operation
    return [
        c.weight("weight", (count,)) if held.scale else c.filled(1.0, count),
        c.weight("bias", (count,)) if held.shift else c.filled(0.0, count),
    ]


def bn(c: Context) -> Value:
    """BatchNormalization; by the statistics of the one image where none are kept."""
    channels = c.output.channels
    if not c.operation.statistics:
        return c.end("InstanceNormalization", [c.map(), *_parts(c, channels)], c.dims, epsilon=SMALL)
    x = c.inputs[0]
    kept = [c.kept(f"running_{word}", (channels,)) for word in ("mean", "var")]
    return c.end("BatchNormalization", [x, *_parts(c, channels), *kept], x.dims, epsilon=SMALL)


def instance_norm(c: Context) -> Value:
    """InstanceNormalization; batch normalisation where statistics are kept."""
    if c.operation.statistics:
        return bn(c)
    return c.end("InstanceNormalization", [c.map(), *_parts(c, c.output.channels)], c.dims, epsilon=SMALL)


def group_norm(c: Context) -> Value:
    """InstanceNormalization of each group as a channel, then scale and shift: ONNX' own way before opset 18."""
    groups, held = c.operation.groups, c.operation
    split = c.reshaped(c.map(), (1, groups, c.shape.values // groups))
    plain = [c.filled(1.0, groups), c.filled(0.0, groups)]
    found = c.add("InstanceNormalization", [split, *plain], split.dims, epsilon=SMALL)
    whole = c.reshaped(found, c.dims, last=not (held.scale or held.shift))
    return _affine(c, whole, _each(c))


def layer_norm(c: Context) -> Value:
    """LayerNormalization, which needs a scale and the axes behind; otherwise its arithmetic."""
    held = c.operation
    over_map = held.over == "map"
    if not held.scale:
        return _centred(c, [1, 2, 3] if over_map else [1], tuple(c.dims) if over_map else _each(c))
    size = tuple(c.output) if over_map else (c.output.channels,)
    weights = [c.weight("weight", size), *([c.weight("bias", size)] if held.shift else [])]
    if over_map:
        return c.end("LayerNormalization", [c.map(), *weights], c.dims, axis=1, epsilon=SMALL)
    behind = c.turned(c.map(), (0, 2, 3, 1))
    found = c.add("LayerNormalization", [behind, *weights], behind.dims, axis=-1, epsilon=SMALL)
    return c.turned(found, (0, 3, 1, 2), last=True)


def _mean(c: Context, x: Value, axes: Sequence[int]) -> Value:
    dims = [1 if axis in axes else length for axis, length in enumerate(x.dims)]
    return c.add("ReduceMean", [x], dims, axes=axes, keepdims=1)


def _over_root(c: Context, x: Value, axes: Sequence[int], *, last: bool) -> Value:
    """Divide by the root of the mean of squares."""
    squares = _mean(c, c.add("Mul", [x, x], x.dims), axes)
    root = c.add("Sqrt", [c.add("Add", [squares, c.real(SMALL)], squares.dims)], squares.dims)
    return (c.end if last else c.add)("Div", [x, root], x.dims)


def _centred(c: Context, axes: Sequence[int], each: Sequence[int]) -> Value:
    x = c.map()
    centred = c.add("Sub", [x, _mean(c, x, axes)], x.dims)
    return _affine(c, _over_root(c, centred, axes, last=not c.operation.shift), each)


def rms_norm(c: Context) -> Value:
    """The arithmetic of equation 4: RMSNormalization came with opset 23."""
    return _affine(c, _over_root(c, c.map(), [1], last=not c.operation.scale), _each(c))


def l2_norm(c: Context) -> Value:
    """LpNormalization, then the scale."""
    add = c.add if c.operation.scale else c.end
    return _affine(c, add("LpNormalization", [c.map()], c.dims, axis=1, p=2), _each(c))


def lrn(c: Context) -> Value:
    """LRN; within a channel it is the arithmetic of a mean of squares over n x n places."""
    size = c.operation.neighbours
    if not c.operation.within_channel:
        return c.end("LRN", [c.map()], c.dims, size=size)
    x, side = c.map(), size // 2
    squares = c.add("Mul", [x, x], x.dims)
    mean = c.add(
        "AveragePool", [squares], x.dims, kernel_shape=[size, size], strides=[1, 1], pads=[side] * 4,
        count_include_pad=1,
    )  # fmt: skip
    sums = c.add("Add", [c.add("Mul", [mean, c.real(1e-4)], x.dims), c.real(1.0)], x.dims)
    return c.end("Div", [x, c.add("Pow", [sums, c.real(0.75)], x.dims)], x.dims)


LAYERS: dict[str, Callable[[Context], Value]] = {
    "bn": bn,
    "instance_norm": instance_norm,
    "group_norm": group_norm,
    "layer_norm": layer_norm,
    "rms_norm": rms_norm,
    "l2_norm": l2_norm,
    "lrn": lrn,
}
