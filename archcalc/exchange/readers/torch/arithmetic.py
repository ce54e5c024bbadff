"""Aten operations on values one by one, reductions and products."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from archcalc.exchange.arrays import derived
from archcalc.exchange.readers.torch.context import Number
from archcalc.exchange.readers.torch.program import Ref
from archcalc.exchange.tensors import Const, ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.torch.context import Context

BINARY = {
    "add": "add", "sub": "sub", "mul": "mul", "div": "div", "pow": "pow", "maximum": "max", "minimum": "min",
    "floor_divide": "floor_div", "remainder": "mod", "eq": "equal", "gt": "greater", "ge": "greater_equal",
    "lt": "less", "le": "less_equal", "logical_and": "and", "logical_or": "or", "true_divide": "div",
    "bitwise_and": "and", "bitwise_or": "or", "fmod": "mod", "ne": "equal", "subtract": "sub", "multiply": "mul",
    "divide": "div", "__and__": "and", "__or__": "or",
}  # fmt: skip

UNARY = {
    "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "silu": "swish", "gelu": "gelu",
    "hardswish": "hard_swish", "hardsigmoid": "hard_sigmoid", "selu": "selu", "mish": "mish", "softplus": "softplus",
    "log_sigmoid": "log_sigmoid", "erf": "erf", "exp": "exp", "log": "log", "sqrt": "sqrt", "rsqrt": "rsqrt",
    "abs": "abs", "neg": "neg", "floor": "floor", "ceil": "ceil", "round": "round", "reciprocal": "reciprocal",
    "sin": "sin", "cos": "cos", "square": "square", "log2": "log", "log1p": "log", "expm1": "exp", "sign": "sign",
    "logical_not": "not", "bitwise_not": "not", "softsign": "softsign", "tanhshrink": "tanh_shrink",
    "softshrink": "soft_shrink", "hardshrink": "hard_shrink", "celu": "celu", "elu": "elu", "trunc": "floor",
    "isnan": "not", "rrelu": "leaky_relu", "atan": "atan", "threshold": "threshold",
}  # fmt: skip

REDUCTIONS = {
    "mean": "mean", "sum": "sum", "amax": "max", "amin": "min", "max": "max", "min": "min", "prod": "prod",
    "linalg_vector_norm": "l2", "norm": "l2", "logsumexp": "log_sum_exp", "var": "variance", "std": "deviation",
    "all": "min", "any": "max",
}  # fmt: skip


def scalar_or_tensor(c: Context, name: str) -> Any:
    """Return an argument that may be a number: numbers stand in it as they are, tensors by name."""
    held = c.call.args.get(name)
    found = c.value(held)
    return found if isinstance(held, Ref) and not isinstance(found, Number) else Const((), (found,))


def arithmetic(c: Context) -> Any:
    """Compute value by value; numbers in the call are constants."""
    fn = BINARY[c.net.origin.op]
    names = [name for name in ("self", "input", "other", "exponent") if name in c.call.args]
    if len(names) < 2:
        raise ModelFault("it does not have two inputs")
    first, second = (scalar_or_tensor(c, name) for name in names[:2])
    return c.net.binary(fn, first, second)


def reversed_sub(c: Context) -> Any:
    """rsub: the second less the first."""
    return c.net.binary("sub", scalar_or_tensor(c, "other"), c.x())


def unary(c: Context) -> Any:
    """Apply a function to each value."""
    return c.net.unary(UNARY[c.net.origin.op], c.x())


def leaky(c: Context) -> Any:
    """leaky_relu, with its slope."""
    return c.net.unary("leaky_relu", c.x(), slope=round(float(c.get("negative_slope", default=0.01)), 6))


def clamp(c: Context) -> Any:
    """hardtanh, clamp, clamp_min and clamp_max."""
    word = c.net.origin.op
    low = c.get("min_val", "min", default=-1.0 if word == "hardtanh" else -math.inf)
    high = c.get("max_val", "max", default=1.0 if word == "hardtanh" else math.inf)
    x = c.x()
    if isinstance(x, Const):
        return c.net.folding.elementwise(lambda value: min(max(value, low), high), x)
    fn = "relu" if low == 0 and high == math.inf else "relu6" if (low, high) == (0, 6) else "clip"
    return c.net.act(x, "hard_tanh" if (low, high) == (-1, 1) else fn)


def where(c: Context) -> Any:
    """Chosen value by value, or filled where a mask says so."""
    tensors = [scalar_or_tensor(c, name) for name in c.call.args]
    nodes = [each for each in tensors if isinstance(each, int)]
    consts = [each for each in tensors if isinstance(each, Const)]
    if not nodes:
        from archcalc.exchange.sizes import broadcast

        return Const(broadcast(*(each.dims for each in consts)), None)
    return c.net.ew("where", nodes[-2:], consts)


def reduction(c: Context) -> Any:
    """One value for all places of some axes, or of all."""
    x, op = c.x(), REDUCTIONS[c.net.origin.op]
    axes = c.ints("dim", "axis")
    keep = bool(c.get("keepdim", default=False))
    if c.net.origin.op in ("max", "min") and c.get("other") is not None:
        return c.net.binary(op, x, c.get("other"))
    if isinstance(x, Const):
        rank = len(x.dims)
        chosen = [axis % rank for axis in axes] if axes and rank else range(rank)
        return c.net.folding.reduce(FOLDED.get(op, lambda values: math.nan), x, list(chosen), keep)
    found = c.net.reduce(x, op, axes or range(len(c.net.shape(x))), keep)
    return [found, found]


FOLDED: dict[str, Callable[[list[Any]], Any]] = {
    "sum": sum, "max": max, "min": min, "prod": math.prod, "mean": lambda values: sum(values) / len(values),
}  # fmt: skip


def softmax(c: Context) -> Any:
    """softmax and log_softmax."""
    x = c.node()
    rank = len(c.net.shape(x))
    return c.net.add("softmax", [x], c.net.shape(x), axis=c.whole("dim", -1) % max(rank, 1))


def matmul(c: Context) -> Any:
    """matmul, mm, bmm: a linear layer where one side is a weight."""
    return product(c, c.x("self", "input"), c.get("other", "mat2", "vec2"))


def product(c: Context, a: Any, b: Any) -> Any:
    """Return the product of two operands."""
    if isinstance(a, Const) and isinstance(b, Const):
        return constant_product(a, b, (*a.dims[:-1], *b.dims[-1:]))
    if isinstance(b, Const) and len(b.dims) >= 2 and math.prod(b.dims[:-2]) == 1:
        return c.net.linear_by(a, b.replace(dims=b.dims[-2:]), transposed=False)
    if isinstance(a, Const) and len(a.dims) == 2:
        rank = len(c.net.shape(b))
        swap = [*range(rank - 2), rank - 1, rank - 2]
        return c.net.permute(c.net.linear_by(c.net.node(c.net.permute(b, swap)), a, transposed=True), swap)
    return c.net.matmul(c.net.node(a), c.net.node(b))


def constant_product(a: Const, b: Const, dims: tuple[int, ...], *more: Const) -> Const:
    """Return the product of two constants, which is computed each time where weights are among them."""
    learned = a.learned or b.learned
    return derived(dims, a, b, *more, macs=math.prod(dims) * a.dims[-1] if learned and a.dims else 0)


def addmm(c: Context) -> Any:
    """addmm and baddbmm: a product and what is added to it."""
    a, b = c.get("mat1", "batch1"), c.get("mat2", "batch2")
    bias = c.x("self", "input")
    if isinstance(b, Const) and isinstance(bias, Const) and not isinstance(a, Const):
        return c.net.linear_by(a, b, transposed=False, bias=bias)
    return c.net.binary("add", product(c, a, b), bias)


def einsum(c: Context) -> Any:
    """einsum of two tensors."""
    from archcalc.exchange.einsum import einsum as written_out

    return written_out(c.net, c.get("equation"), c.get("tensors", "operands"))


def glu(c: Context) -> Any:
    """Half of the channels times the sigmoid of the other half."""
    x, own = c.x(), c.net.dims(c.x())
    axis = c.get("dim", default=-1) % len(own)
    half = own[axis] // 2
    gate = c.net.unary("sigmoid", c.net.part(x, axis, half, own[axis]))
    return c.net.binary("mul", c.net.part(x, axis, 0, half), gate)


def addcmul(c: Context) -> Any:
    """A sum of one tensor and a product of two others."""
    both = c.net.binary("mul", c.get("tensor1"), c.get("tensor2"))
    return c.net.binary("add", c.x("self", "input"), both)


OPERATIONS: dict[str, Callable[[Context], Any]] = {
    **dict.fromkeys(BINARY, arithmetic),
    "rsub": reversed_sub,
    **dict.fromkeys(UNARY, unary),
    "leaky_relu": leaky,
    **dict.fromkeys(("hardtanh", "clamp", "clip", "clamp_min", "clamp_max"), clamp),
    **dict.fromkeys(("where", "masked_fill"), where),
    **dict.fromkeys(REDUCTIONS, reduction),
    **dict.fromkeys(("softmax", "_softmax", "log_softmax", "_log_softmax", "special_softmax"), softmax),
    **dict.fromkeys(("matmul", "mm", "bmm", "linalg_matmul"), matmul),
    **dict.fromkeys(("addmm", "baddbmm"), addmm),
    "einsum": einsum,
    "glu": glu,
    "addcmul": addcmul,
}
