"""Numbers that a program works out from the sizes of its tensors, where axes are open: Python's own operators.

Source: torch/_export/serde/serialize.py (the operators that a saved program may hold), torch/__init__.py (sym_max ...).
"""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

from archcalc.errors import RequestError, printable
from archcalc.exchange.readers.torch.context import Number, is_node
from archcalc.exchange.readers.torch.program import Ref
from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archcalc.exchange.readers.torch.context import Context

OPERATORS = (
    "add", "sub", "mul", "floordiv", "truediv", "mod", "neg", "pos", "eq", "ne", "lt", "le", "gt", "ge", "and_", "or_",
    "pow",
)  # fmt: skip

OF_SIZES: dict[str, Callable[..., Any]] = {
    **{f"_operator.{name}": getattr(operator, name) for name in OPERATORS},
    "_operator.pow": pow,
    **{f"math.{name}": getattr(math, name) for name in ("ceil", "floor", "trunc", "sqrt")},
    "builtins.round": round, "_operator.round": round,
    "torch.sym_max": max, "torch.sym_min": min, "torch.sym_int": int, "torch.sym_float": float,
    "torch.sym_not": operator.not_, "torch._sym_sqrt": math.sqrt, "torch.sym_sqrt": math.sqrt,
    "torch.sym_ite": lambda chosen, first, second: first if chosen else second,
    "torch.sym_sum": sum,
}  # fmt: skip
"""What a saved program calls its arithmetic on sizes, and what that does."""

MAX_SIZE = 2**62
"""Largest number that an axis can have in PyTorch."""


def of_sizes(c: Context) -> Any:
    """Work out a number from sizes; whole numbers and truths stand apart from the numbers of nodes."""
    values: list[Any] = [
        [_number(c, each) for each in held] if isinstance(held, list) else _number(c, held)
        for held in c.call.args.values()
    ]
    if c.call.target == "_operator.pow" and abs(values[1]) > 64:
        raise ModelFault("its exponent is too large")
    found = OF_SIZES[c.call.target](*values)
    return found if isinstance(found, float) else Number(found)


def _number(c: Context, held: Any) -> int | float:
    found = c.value(held)
    if not isinstance(found, (int, float)) or (isinstance(held, Ref) and is_node(found)):
        raise ModelFault("it does not work on numbers alone")
    if abs(found) > MAX_SIZE:
        raise ModelFault("its numbers are too large")
    return found


def size(c: Context) -> Any:
    """sym_size: the length of an axis, or of all."""
    dims = c.net.dims(c.x())
    axis = c.get("dim")
    return [Number(length) for length in dims] if axis is None else Number(dims[axis])


def count(c: Context) -> Any:
    """sym_numel: how many values a tensor has."""
    return Number(math.prod(c.net.dims(c.x())))


def stride(c: Context) -> Any:
    """sym_stride: how far apart neighbours along an axis lie, in a tensor laid out row by row."""
    return Number(math.prod(c.net.dims(c.x())[c.get("dim", default=0) + 1 :]))


OPERATIONS: dict[str, Callable[[Context], Any]] = {"sym_size": size, "sym_numel": count, "sym_stride": stride}


def check_symbols(
    file: str,
    name: str,
    axes: Sequence[Any],
    lengths: Sequence[int],
    ranges: Mapping[str, tuple[int | None, int | None]],
) -> None:
    """Hold the sizes given for open axes against the file: a symbol is one number, within its bounds."""
    known: dict[str, int] = {}
    for axis, length in zip(axes, lengths, strict=True):
        if isinstance(axis, int):
            continue
        least, most = ranges.get(axis, (None, None))
        if (least is not None and length < least) or (most is not None and length > most):
            bounds = f"from {least or 0} on" if most is None else f"from {least or 0} to {most}"
            raise RequestError(
                f"{printable(file)}: the input {printable(name)!r} has {printable(axis)} {bounds}, where --input says "
                f"{length}"
            )
        if known.setdefault(axis, length) != length:
            raise RequestError(
                f"{printable(file)}: the input {printable(name)!r} has {printable(axis)} twice, where --input says "
                f"{known[axis]} and {length}"
            )
