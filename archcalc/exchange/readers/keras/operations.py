"""Operators on tensors that a functional model calls outside layers: Keras 2's TFOpLambda, Keras 3's operations."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.exchange.readers.keras.activations import ACTIVATIONS
from archcalc.exchange.readers.keras.config import Tensor
from archcalc.exchange.readers.keras.own import unknown
from archcalc.exchange.tensors import Const, ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.keras.context import Context

BINARY = {
    "add": "add", "subtract": "sub", "sub": "sub", "multiply": "mul", "mul": "mul", "truediv": "div", "divide": "div",
    "truedivide": "div", "maximum": "max", "minimum": "min", "pow": "pow", "power": "pow", "__operators__.add": "add",
}  # fmt: skip

UNARY = {"sqrt": "sqrt", "rsqrt": "rsqrt", "exp": "exp", "log": "log", "abs": "abs", "absolute": "abs",
         "square": "square", "erf": "erf", "negative": "neg", "neg": "neg"}  # fmt: skip

REDUCED = {"reduce_mean": "mean", "mean": "mean", "reduce_sum": "sum", "sum": "sum", "reduce_max": "max", "max": "max"}

PASSED = ("cast", "stop_gradient", "identity", "convert_to_tensor", "no_op")


def operation(c: Context) -> list[int]:
    """Read an operator by its function's name (Keras 2), or its class (Keras 3)."""
    name = str(c.config.get("function") or c.layer.cls)
    word = name.rpartition(".")[2].lower()
    tensors = list(c.sources)
    if word in BINARY:
        return [_binary(c, BINARY[word], tensors)]
    if word in UNARY:
        return [c.net.act(c.x, UNARY[word])]
    if word in ACTIVATIONS:
        return [c.net.act(c.x, ACTIVATIONS[word])]
    if word == "softmax":
        return [c.net.add("softmax", [c.x], c.shape, axis=len(c.shape) - 1)]
    if word in REDUCED:
        axis = setting(c, "axis", None)
        axes = axis if isinstance(axis, list) else [axis] if isinstance(axis, int) else list(range(1, len(c.shape)))
        return [c.net.reduce(c.x, REDUCED[word], axes, bool(setting(c, "keepdims", False)))]
    if word in PASSED:
        return [c.x]
    if word in MOVES:
        return [MOVES[word](c)]
    return unknown(c)


def setting(c: Context, name: str, default: Any) -> Any:
    """Return a setting of an operator, which stands in its configuration or in its call."""
    if name in c.config:
        return c.config[name]
    return c.call.kwargs.get(name, default) if c.call is not None else default


def _binary(c: Context, fn: str, tensors: list[int]) -> int:
    if len(tensors) > 1:
        return c.net.ew(fn, tensors[:2])
    held = [] if c.call is None else [*c.call.args, *c.call.kwargs.values()]
    number = next((each for each in held if isinstance(each, (int, float)) and not isinstance(each, bool)), None)
    swapped = bool(held) and not isinstance(held[0], Tensor)
    return c.net.ew(fn, tensors, [Const((), None if number is None else (number,))], swapped=swapped)


def _argument(c: Context, place: int, *names: str) -> Any:
    for name in names:
        found = setting(c, name, None)
        if found is not None:
            return found
    args = c.call.args if c.call is not None else ()
    return args[place] if place < len(args) else None


def _reshape(c: Context) -> int:
    target = _argument(c, 1, "newshape", "shape")
    if not isinstance(target, list):
        raise ModelFault(f"its new shape is {target!r}")
    sizes = [each if isinstance(each, int) else -1 for each in target]
    sizes[0] = 1
    if sizes.count(-1) > 1:
        raise ModelFault(f"its new shape {target!r} leaves several sizes open")
    return c.net.node(c.net.reshape_to(c.x, sizes, zero_copies=False))


def _transpose(c: Context) -> int:
    axes = _argument(c, 1, "axes", "perm")
    order = axes if isinstance(axes, list) else list(range(len(c.shape)))[::-1]
    return c.net.node(c.net.permute(c.x, order))


def _concat(c: Context) -> int:
    axis = setting(c, "axis", -1)
    return c.net.concat(c.sources, axis if isinstance(axis, int) else -1)


def _matmul(c: Context) -> int:
    return c.net.matmul(c.sources[0], c.sources[1])


def _expand_dims(c: Context) -> int:
    axis = _argument(c, 1, "axis")
    return c.net.node(c.net.unsqueeze(c.x, [axis if isinstance(axis, int) else -1]))


def _squeeze(c: Context) -> int:
    axis = _argument(c, 1, "axis")
    axes = [axis] if isinstance(axis, int) else [at for at, length in enumerate(c.shape) if at and length == 1]
    return c.net.node(c.net.squeeze(c.x, axes))


def _get_item(c: Context) -> int:
    """Take a part of a tensor by slices, as Python's brackets do."""
    key = _argument(c, 1, "key", "slice_spec")
    if not isinstance(key, list):
        raise ModelFault(f"the part {key!r}")
    x, axis = c.x, 0
    for each in key:
        if isinstance(each, int):
            x = c.net.select(x, axis, each)
            continue
        if isinstance(each, dict):
            config = each.get("config") or each
            start, stop, step = (config.get(word) for word in ("start", "stop", "step"))
            length = c.net.shape(x)[axis]
            x = c.net.slice(x, axis, start or 0, stop if isinstance(stop, int) else length, step or 1)
        axis += 1
    return x


def _depth_to_space(c: Context) -> int:
    block = _argument(c, 1, "block_size")
    first = c.net.transpose(c.x, (0, 3, 1, 2))
    made = c.net.node(c.net.depth_to_space(first, int(block), depth_first=False))
    return c.net.transpose(made, (0, 2, 3, 1))


def _flat(c: Context) -> int:
    return c.net.reshape(c.x, (1, prod(c.shape)))


MOVES: dict[str, Callable[[Context], int]] = {
    "reshape": _reshape,
    "transpose": _transpose,
    **dict.fromkeys(("concat", "concatenate"), _concat),
    "matmul": _matmul,
    **dict.fromkeys(("expand_dims", "expanddims"), _expand_dims),
    "squeeze": _squeeze,
    **dict.fromkeys(("getitem", "slicingoplambda"), _get_item),
    "depth_to_space": _depth_to_space,
    "flatten": _flat,
}
