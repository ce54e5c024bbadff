"""ONNX operations on values one by one, reductions, products and layers with weights that slide nothing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from archcalc.exchange.arrays import derived
from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operand
    from archcalc.exchange.readers.onnx.context import Context

BINARY = {
    "Add": "add", "Sub": "sub", "Mul": "mul", "Div": "div", "Pow": "pow", "Mod": "mod", "Equal": "equal",
    "Greater": "greater", "GreaterOrEqual": "greater_equal", "Less": "less", "LessOrEqual": "less_equal",
    "And": "and", "Or": "or", "Sum": "add", "Max": "max", "Min": "min", "Xor": "equal", "Mean": "mean",
}  # fmt: skip

UNARY = {
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "HardSwish": "hard_swish", "Softplus": "softplus",
    "Softsign": "softsign", "Selu": "selu", "Mish": "mish", "Erf": "erf", "Exp": "exp", "Log": "log",
    "Sqrt": "sqrt", "Abs": "abs", "Neg": "neg", "Floor": "floor", "Ceil": "ceil", "Round": "round", "Not": "not",
    "Reciprocal": "reciprocal", "Gelu": "gelu", "QuickGelu": "swish", "Sin": "sin", "Cos": "cos", "Sign": "sign",
    "Atan": "atan", "Swish": "swish", "BiasGelu": "gelu", "FastGelu": "gelu", "Tan": "tan", "IsNaN": "not",
}  # fmt: skip

ALPHA = {"LeakyRelu": ("leaky_relu", 0.01), "Elu": ("elu", 1.0), "Celu": ("celu", 1.0), "HardSigmoid": (
    "hard_sigmoid", 0.2), "ThresholdedRelu": ("threshold", 1.0)}  # fmt: skip

REDUCTIONS = {
    "ReduceMean": "mean", "ReduceSum": "sum", "ReduceMax": "max", "ReduceMin": "min", "ReduceL2": "l2",
    "ReduceL1": "l1", "ReduceProd": "prod", "ReduceSumSquare": "sum_square", "ReduceLogSumExp": "log_sum_exp",
    "ReduceLogSum": "log_sum",
}  # fmt: skip

FOLDED: dict[str, Callable[[list[Any]], Any]] = {
    "mean": lambda values: sum(values) / len(values), "sum": sum, "max": max, "min": min, "prod": math.prod,
    "l1": lambda values: sum(map(abs, values)), "l2": lambda values: math.sqrt(sum(value * value for value in values)),
}  # fmt: skip


def binary(c: Context) -> list[Operand]:
    """Compute value by value from two inputs or more."""
    first, *rest = given = c.args()
    nodes = [each for each in given if isinstance(each, int)]
    if len(nodes) == len(given) > 2:
        return [c.net.ew(BINARY[c.node.op], nodes)]
    for other in rest:
        first = c.net.binary(BINARY[c.node.op], first, other)
    return [first]


def unary(c: Context) -> list[Operand]:
    """Apply a function to each value."""
    x = c.arg(0)
    if c.node.op in ("BiasGelu", "FastGelu") and c.has(1):
        x = c.net.binary("add", x, c.arg(1))
    return [c.net.unary(UNARY[c.node.op], x)]


def with_alpha(c: Context) -> list[Operand]:
    """Apply a function that has a number of its own."""
    fn, default = ALPHA[c.node.op]
    alpha = float(c.attribute("alpha", default))
    if c.node.op == "HardSigmoid":
        return [c.net.unary(fn, c.arg(0))]
    return [c.net.unary(fn, c.arg(0), slope=round(alpha, 6))]


def clip(c: Context) -> list[Operand]:
    """Clip: its bounds are attributes before opset 11, inputs since; either may be left out."""
    x = c.arg(0)
    low, high = c.scalar("min", 1, -math.inf), c.scalar("max", 2, math.inf)
    if isinstance(x, Const):
        if low is None or high is None:
            return [x.replace(values=None)]
        least, most = low, high
        return [c.net.folding.elementwise(lambda value: min(max(value, least), most), x)]
    return [c.net.act(x, clipped(low, high), low=low, high=high)]


def clipped(low: float | None, high: float | None) -> str:
    """Name the function that keeps values between two bounds."""
    if low == 0 and high is not None:
        return "relu6" if abs(high - 6) < 1e-6 else "relu" if high > 1e30 else "clip"
    return "hard_tanh" if low == -1 and high == 1 else "clip"


def prelu(c: Context) -> list[Operand]:
    """PRelu: a slope for each channel, or one for all."""
    return [c.net.add("prelu", [c.tensor(0)], c.net.shape(c.tensor(0)), c.weights(1))]


def softmax(c: Context) -> list[Operand]:
    """Softmax, LogSoftmax and Hardmax; before opset 13 over all axes from the given one on."""
    x = c.tensor(0)
    axis = c.whole("axis", 1 if c.opset < 13 else -1)
    return [c.net.add("softmax", [x], c.net.shape(x), axis=axis % max(len(c.net.shape(x)), 1))]


def reduction(c: Context) -> list[Operand]:
    """Bring axes down to one value: the axes stand in an input since opset 13 (sums) or 18."""
    x, op = c.arg(0), REDUCTIONS[c.node.op]
    axes = c.ints("axes", 1)
    keep = bool(c.whole("keepdims", 1))
    if not axes:
        if c.whole("noop_with_empty_axes", 0):
            return [x]
        axes = range(len(c.net.dims(x)))
    if isinstance(x, Const):
        rank = len(x.dims)
        function = FOLDED.get(op, lambda values: math.nan)
        return [c.net.folding.reduce(function, x, [axis % rank for axis in axes if rank], keep)]
    return [c.net.reduce(x, op, axes, keep)]


def gemm(c: Context) -> list[Operand]:
    """Gemm: a matrix of weights on the right (or the left), and what is added."""
    a, b = c.arg(0), c.arg(1)
    if isinstance(a, Const) and isinstance(b, Const):
        raise ModelFault("a product of two constants")
    flip_a, flip_b = bool(c.whole("transA", 0)), bool(c.whole("transB", 0))
    if isinstance(b, Const) and not isinstance(a, Const):
        a = c.net.permute(a, [1, 0]) if flip_a else a
        bias = c.arg(2) if c.has(2) else None
        own = bias if isinstance(bias, Const) and bias.size > 1 else None
        found = c.net.linear_by(c.net.node(a), b, flip_b, own)
        return [found if bias is None or own is not None else c.net.binary("add", found, bias)]
    a, b = (c.net.permute(each, [1, 0]) if flip else each for each, flip in ((a, flip_a), (b, flip_b)))
    found_product = c.net.matmul(c.net.node(a), c.net.node(b))
    return [c.net.binary("add", found_product, c.arg(2)) if c.has(2) else found_product]


def matmul(c: Context) -> list[Operand]:
    """MatMul: a linear layer where one side is a weight, otherwise a product of two tensors."""
    places = {"QLinearMatMul": (0, 3)}.get(c.node.op, (0, 1))
    a, b = c.arg(places[0]), c.arg(places[1])
    if isinstance(a, Const) and isinstance(b, Const):
        dims = (*a.dims[:-1], *b.dims[-1:])
        return [derived(dims, a, b, macs=math.prod(dims) * a.dims[-1] if a.key and b.key and a.dims else 0)]
    if isinstance(b, Const) and not isinstance(a, Const) and len(b.dims) == 1:
        found = c.net.linear_by(a, b.replace(dims=(*b.dims, 1)), transposed=False)
        return [c.net.reshape(found, c.net.shape(found)[:-1])]
    if isinstance(b, Const) and not isinstance(a, Const):
        matrix = as_matrix(b)
        if matrix is not None:
            return [c.net.linear_by(a, matrix, transposed=False)]
    if isinstance(a, Const) and not isinstance(b, Const) and as_matrix(a) is not None:
        matrix = c.net.folding.reshape(a, a.dims[-2:])
        rank = len(c.net.shape(b))
        swap = [*range(rank - 2), rank - 1, rank - 2]
        return [c.net.permute(c.net.linear_by(int(c.net.permute(b, swap)), matrix, transposed=True), swap)]  # type: ignore[arg-type]
    return [c.net.matmul(c.net.node(a), c.net.node(b))]


def as_matrix(weight: Const) -> Const | None:
    """Return a weight as a matrix, where all axes in front of its last two are one."""
    if len(weight.dims) < 2 or math.prod(weight.dims[:-2]) != 1:
        return None
    return weight.replace(dims=weight.dims[-2:])


def einsum(c: Context) -> list[Operand]:
    """Einsum of two tensors that is a batched product, or of a tensor and a weight that is a linear layer."""
    from archcalc.exchange.einsum import einsum as written_out

    return [written_out(c.net, c.word("equation", ""), c.args())]


def recurrent(c: Context) -> list[Operand]:
    """LSTM, GRU and RNN: over places in the first axis, batch in the second."""
    x = c.tensor(0)
    shape = c.net.shape(x)
    weights = c.weights(1, 2, 3, 7)
    if len(shape) != 3 or not weights or len(weights[0].dims) != 3:
        raise ModelFault(f"its input is {by(shape)}, its weights {[by(each.dims) for each in weights]}")
    hidden = c.whole("hidden_size", weights[1].dims[-1] if len(weights) > 1 else 1)
    both = weights[0].dims[0]
    places, batch = (shape[1], shape[0]) if c.whole("layout", 0) else (shape[0], shape[1])
    found = c.net.add(
        "recurrent", [x], (places, both, batch, hidden), weights, cell=c.node.op.lower(), hidden=hidden,
        both=both == 2, bias=c.has(3), time=1 if c.whole("layout", 0) else 0,
    )  # fmt: skip
    if c.outputs() == 1:
        return [found]
    last = c.net.select(found, 0, places - 1)
    made: list[Operand] = [found, last, last]
    return made[: c.outputs()]


OPERATIONS: dict[str, Callable[[Context], list[Operand]]] = {
    **dict.fromkeys(BINARY, binary),
    **dict.fromkeys(UNARY, unary),
    **dict.fromkeys(ALPHA, with_alpha),
    **dict.fromkeys(REDUCTIONS, reduction),
    "Clip": clip,
    "PRelu": prelu,
    **dict.fromkeys(("Softmax", "LogSoftmax", "Hardmax"), softmax),
    "Gemm": gemm,
    "FusedGemm": gemm,
    **dict.fromkeys(("MatMul", "MatMulInteger", "QLinearMatMul"), matmul),
    "Einsum": einsum,
    **dict.fromkeys(("LSTM", "GRU", "RNN"), recurrent),
}
