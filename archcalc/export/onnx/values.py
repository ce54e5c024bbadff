"""Functions of each value, and merges of several tensors value by value, in ONNX.

Activations that opset 17 has no operation for are spelt as their papers write them: mish since 18, gelu since 20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.export.onnx.context import Context
    from archcalc.export.onnx.graph import Value

ALONE: dict[str, tuple[str, dict[str, Any]]] = {
    "relu": ("Relu", {}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "softplus": ("Softplus", {}),
    "softsign": ("Softsign", {}),
    "selu": ("Selu", {}),
    "hard_swish": ("HardSwish", {}),
    "hard_sigmoid": ("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    "exp": ("Exp", {}),
    "sqrt": ("Sqrt", {}),
    "reciprocal": ("Reciprocal", {}),
    "abs": ("Abs", {}),
    "log": ("Log", {}),
    "sin": ("Sin", {}),
    "cos": ("Cos", {}),
    "erf": ("Erf", {}),
    "negate": ("Neg", {}),
    "sign": ("Sign", {}),
    "round": ("Round", {}),
    "threshold": ("ThresholdedRelu", {}),
    "soft_shrink": ("Shrink", {"bias": 0.5, "lambd": 0.5}),
    "hard_shrink": ("Shrink", {"lambd": 0.5}),
}
"""Word, or function of elementwise, to the one operation that it is."""


def alone(c: Context) -> Value:
    """One operation."""
    (x,) = c.inputs
    op, attributes = ALONE[c.operation.word]
    return c.end(op, [x], x.dims, **attributes)


def with_number(c: Context) -> Value:
    """One operation with a number of its own."""
    (x,) = c.inputs
    word = c.operation.word
    op, number = {"leaky_relu": ("LeakyRelu", "slope"), "celu": ("Celu", "alpha"), "elu": ("Elu", "alpha")}[word]
    return c.end(op, [x], x.dims, alpha=float(getattr(c.operation, number, 1)))


def clip(c: Context) -> Value:
    """Clip, between two numbers."""
    (x,) = c.inputs
    low, high = (0, 6) if c.operation.word == "relu6" else (c.operation.low, c.operation.high)
    return c.end("Clip", [x, c.real(float(low)), c.real(float(high))], x.dims)


def prelu(c: Context) -> Value:
    """PRelu: slopes of channels, of values, or one."""
    x = c.map() if c.operation.slopes == "value" else c.inputs[0]
    if c.operation.slopes == "layer":
        dims: tuple[int, ...] = (1,)
    elif c.operation.slopes == "value":
        dims = tuple(c.output)
    else:
        dims = (c.output.channels, *(1 for _ in x.dims[2:]))
    return c.end("PRelu", [x, c.weight("slope", dims)], x.dims)


def swish(c: Context) -> Value:
    """x · sigmoid(x)."""
    (x,) = c.inputs
    return c.end("Mul", [x, c.add("Sigmoid", [x], x.dims)], x.dims)


def mish(c: Context) -> Value:
    """x · tanh(softplus(x))."""
    (x,) = c.inputs
    curve = c.add("Tanh", [c.add("Softplus", [x], x.dims)], x.dims)
    return c.end("Mul", [x, curve], x.dims)


def gelu(c: Context) -> Value:
    """x · (1 + erf(x / √2)) / 2."""
    (x,) = c.inputs
    curve = c.add("Erf", [c.add("Div", [x, c.real(2**0.5)], x.dims)], x.dims)
    doubled = c.add("Mul", [x, c.add("Add", [curve, c.real(1.0)], x.dims)], x.dims)
    return c.end("Mul", [doubled, c.real(0.5)], x.dims)


def elementwise(c: Context) -> Value:
    """A function that has no layer of its own."""
    (x,) = c.inputs
    function = c.operation.function
    if function in ALONE:
        op, attributes = ALONE[function]
        return c.end(op, [x], x.dims, **attributes)
    if function == "square":
        return c.end("Mul", [x, x], x.dims)
    if function == "rsqrt":
        return c.end("Reciprocal", [c.add("Sqrt", [x], x.dims)], x.dims)
    if function == "log_sigmoid":
        return c.end("Log", [c.add("Sigmoid", [x], x.dims)], x.dims)
    if function == "tanh_shrink":
        return c.end("Sub", [x, c.add("Tanh", [x], x.dims)], x.dims)
    raise c.refuse(f"the spec does not say which {function} it is")


def glu(c: Context) -> Value:
    """The first half of the channels times the sigmoid of the second."""
    x = c.map()
    half = c.output.channels
    first, second = c.sliced(x, 1, 0, half), c.sliced(x, 1, half, 2 * half)
    return c.end("Mul", [first, c.add("Sigmoid", [second], c.dims)], c.dims)


def maxout(c: Context) -> Value:
    """The largest of so many channels in a row."""
    pieces = c.reshaped(c.map(), (1, c.output.channels, c.operation.pieces, *c.output[1:]))
    return c.end("ReduceMax", [pieces], c.dims, axes=[2], keepdims=0)


def softmax(c: Context) -> Value:
    """Softmax and LogSoftmax, over the channels."""
    (x,) = c.inputs
    return c.end("LogSoftmax" if c.operation.word == "log_softmax" else "Softmax", [x], x.dims, axis=1)


def dropout(c: Context) -> Value:
    """Dropout, which hands on once training is over."""
    (x,) = c.inputs
    portion = c.operation.probability
    return c.end("Dropout", [x] if portion is None else [x, c.real(float(portion))], x.dims)


def scale(c: Context) -> Value:
    """Mul, and Add where there is a shift."""
    x = c.inputs[0]
    each = (1, c.output.channels, *(1 for _ in x.dims[2:]))
    factor = c.weight("weight", each)
    if not c.operation.bias:
        return c.end("Mul", [x, factor], x.dims)
    return c.end("Add", [c.add("Mul", [x, factor], x.dims), c.weight("bias", each)], x.dims)


def position(c: Context) -> Value:
    """Add, of what is learned or fixed."""
    find = c.weight if c.operation.learned else c.kept
    return c.end("Add", [c.map(), find("weight", c.dims)], c.dims)


PAIRS = {"multiply": "Mul", "subtract": "Sub", "divide": "Div"}

ANY_NUMBER = {"add": "Sum", "mean": "Mean", "maximum": "Max", "minimum": "Min"}


def merge(c: Context) -> Value:
    """An operation on two tensors, on two at a time, or on any number of them."""
    vectors = all(len(value.dims) == 2 for value in c.inputs)
    values = list(c.inputs) if vectors else [c.map(place) for place in range(len(c.inputs))]
    dims = (1, c.output.channels) if vectors else c.dims
    word = c.operation.word
    if word in ANY_NUMBER:
        return c.end("Add" if word == "add" and len(values) == 2 else ANY_NUMBER[word], values, dims)
    first, *between, last = values
    for value in between:
        first = c.add(PAIRS[word], [first, value], tuple(map(max, first.dims, value.dims)))
    return c.end(PAIRS[word], [first, last], dims)


LAYERS: dict[str, Callable[[Context], Value]] = {
    **dict.fromkeys(("relu", "sigmoid", "tanh", "softplus", "softsign", "selu", "hard_swish", "hard_sigmoid"), alone),
    **dict.fromkeys(("leaky_relu", "elu", "celu"), with_number),
    **dict.fromkeys(("relu6", "hard_tanh"), clip),
    "prelu": prelu,
    "swish": swish,
    "mish": mish,
    "gelu": gelu,
    "elementwise": elementwise,
    "glu": glu,
    "maxout": maxout,
    **dict.fromkeys(("softmax", "log_softmax"), softmax),
    "dropout": dropout,
    "scale": scale,
    "position": position,
    **dict.fromkeys(("add", "mean", "maximum", "minimum", "multiply", "subtract", "divide"), merge),
}  # fmt: skip
