"""Constants of a file, computed by value: the arithmetic of shapes that exporters leave in a graph.

Only small tensors are computed; of larger ones (weights) the size alone is carried along. Semantics are NumPy's, which
ONNX and PyTorch share.
"""

from __future__ import annotations

import math
import operator
from math import prod
from typing import TYPE_CHECKING, Any

from archcalc.exchange.sizes import broadcast
from archcalc.exchange.tensors import Const, ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MAX_COMPUTED = 65_536
"""Values of a tensor that are computed; of a larger one only the size is known."""

MAX_WORK = 20_000_000
"""Values that all computed constants of one file may have together."""


class Folding:
    """Computes constants, and stops computing values once a file asks for too many."""

    def __init__(self) -> None:
        self.work = 0

    def const(self, dims: Sequence[int], values: Callable[[], Iterable[Any]] | None, *sources: Const) -> Const:
        """Make a constant whose values are computed where they are few; it stays the weight that it was made from."""
        dims = tuple(dims)
        size = prod(dims)
        made = derived(dims, *sources)
        self.work += min(size, MAX_COMPUTED)
        if values is None or size > MAX_COMPUTED or self.work > MAX_WORK:
            return made
        return made.replace(values=tuple(values()))

    def moved(self, source: Const, dims: Sequence[int], places: Callable[[], Iterable[int]]) -> Const:
        """Make a constant whose values are those of another one, at the places given."""
        held = source.values
        return self.const(dims, None if held is None else lambda: (held[place] for place in places()), source)

    def reshape(self, source: Const, dims: Sequence[int]) -> Const:
        """Give a constant other axes."""
        if prod(dims) != source.size:
            raise ModelFault(f"{source.size} values cannot be {tuple(dims)}")
        return source.replace(dims=tuple(dims), roots=source.stored)

    def transpose(self, source: Const, perm: Sequence[int]) -> Const:
        """Put the axes of a constant into another order."""
        dims = [source.dims[axis] for axis in perm]
        strides = strides_of(source.dims)
        return self.moved(source, dims, lambda: places(dims, [strides[axis] for axis in perm]))

    def expand(self, source: Const, dims: Sequence[int]) -> Const:
        """Repeat a constant along axes of one."""
        dims = broadcast(source.dims, dims)
        return self.moved(source, dims, lambda: places(dims, expanded_strides(source.dims, len(dims))))

    def slice(self, source: Const, ranges: Sequence[range]) -> Const:
        """Take a range of each axis."""
        strides = strides_of(source.dims)
        start = sum(each.start * stride for each, stride in zip(ranges, strides, strict=True))
        steps = [each.step * stride for each, stride in zip(ranges, strides, strict=True)]
        dims = [len(each) for each in ranges]
        return self.moved(source, dims, lambda: (start + place for place in places(dims, steps)))

    def gather(self, source: Const, chosen: Const, axis: int) -> Const:
        """Take the entries of an axis that another constant names."""
        dims = (*source.dims[:axis], *chosen.dims, *source.dims[axis + 1 :])
        named, length = chosen.values, source.dims[axis] if axis < len(source.dims) else 0
        if named is None or source.values is None or not length:
            return self.const(dims, None, source)
        inner = prod(source.dims[axis + 1 :])
        if any(not -length <= int(each) < length for each in named):
            raise ModelFault(f"entry {max(named)} of an axis of {length}")

        def taken() -> Iterable[int]:
            for outer in range(prod(source.dims[:axis])):
                for each in named:
                    start = (outer * length + int(each) % length) * inner
                    yield from range(start, start + inner)

        return self.moved(source, dims, taken)

    def concat(self, parts: Sequence[Const], axis: int) -> Const:
        """Put constants one behind the other."""
        first = parts[0].dims
        dims = (*first[:axis], sum(part.dims[axis] for part in parts), *first[axis + 1 :])
        held = [part.values for part in parts]
        if any(values is None for values in held):
            return self.const(dims, None, *parts)
        blocks = [prod(part.dims[axis:]) for part in parts]

        def joined() -> Iterable[Any]:
            for outer in range(prod(first[:axis])):
                for values, block in zip(held, blocks, strict=True):
                    yield from (values or ())[outer * block : (outer + 1) * block]

        return self.const(dims, joined, *parts)

    def elementwise(self, function: Callable[..., Any], *parts: Const) -> Const:
        """Apply a function value by value."""
        dims = broadcast(*(part.dims for part in parts))
        if any(part.values is None for part in parts):
            return self.const(dims, None, *parts)

        def computed() -> Iterable[Any]:
            spread = [self.expand(part, dims).values or () for part in parts]
            for values in zip(*spread, strict=True):
                yield evaluated(function, values)

        return self.const(dims, computed, *[part for part in parts if part.size > 1])

    def reduce(self, function: Callable[[list[Any]], Any], source: Const, axes: Sequence[int], keep: bool) -> Const:
        """Bring axes of a constant down to one value each."""
        kept = [1 if axis in axes else length for axis, length in enumerate(source.dims)]
        dims = kept if keep else [length for axis, length in enumerate(source.dims) if axis not in axes]
        held = source.values
        if held is None:
            return self.const(dims, None, source)

        def computed() -> Iterable[Any]:
            groups: dict[int, list[Any]] = {}
            for place, value in zip(places(source.dims, expanded_strides(kept, len(kept))), held, strict=True):
                groups.setdefault(place, []).append(value)
            return (evaluated(function, (groups[place],)) for place in sorted(groups))

        return self.const(dims, computed, source)


def derived(dims: Sequence[int], *sources: Const, macs: int = 0) -> Const:
    """Return a tensor computed from others, of which only the size is known: the weights that it comes from stay."""
    learned = [source for source in sources if source.learned]
    roots = tuple(dict(root for source in learned for root in source.stored).items())
    key = learned[0].key if learned else next((source.key for source in sources if source.key), "")
    work = macs + sum(source.macs for source in {id(source): source for source in sources}.values())
    return Const(tuple(dims), None, key, bool(learned), roots, work)


def evaluated(function: Callable[..., Any], values: Sequence[Any]) -> Any:
    """Compute one value; what cannot be computed is nan, which no size accepts."""
    try:
        found = function(*values)
    except (ArithmeticError, ValueError, TypeError):
        return math.nan
    return found if not isinstance(found, int) or abs(found) < 2**63 else math.nan


def strides_of(dims: Sequence[int]) -> list[int]:
    """Return how far apart neighbours of each axis stand."""
    found = [1] * len(dims)
    for axis in range(len(dims) - 2, -1, -1):
        found[axis] = found[axis + 1] * dims[axis + 1]
    return found


def expanded_strides(dims: Sequence[int], rank: int) -> list[int]:
    """Return the strides of a constant that is repeated along its axes of one."""
    own = [0 if length == 1 else stride for length, stride in zip(dims, strides_of(dims), strict=True)]
    return [0] * (rank - len(dims)) + own


def places(dims: Sequence[int], strides: Sequence[int]) -> Iterable[int]:
    """Yield the places of all values of a tensor, in order."""
    found = [0]
    for length, stride in zip(dims, strides, strict=True):
        found = [place + step * stride for place in found for step in range(length)]
    return found


def divide(a: Any, b: Any) -> Any:
    """Divide as ONNX does: whole numbers towards zero."""
    if isinstance(a, int) and isinstance(b, int):
        return int(a / b) if abs(a) < 2**50 else (abs(a) // abs(b)) * (1 if (a < 0) == (b < 0) else -1)
    return a / b


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": divide,
    "floor_div": operator.floordiv,
    "mod": operator.mod,
    "pow": lambda a, b: a**b if abs(b) <= 64 and abs(a) <= 2**32 else math.nan,
    "max": max,
    "min": min,
    "equal": operator.eq,
    "greater": operator.gt,
    "greater_equal": operator.ge,
    "less": operator.lt,
    "less_equal": operator.le,
    "and": lambda a, b: bool(a) and bool(b),
    "or": lambda a, b: bool(a) or bool(b),
}

UNARY: dict[str, Callable[[Any], Any]] = {
    "neg": operator.neg,
    "abs": abs,
    "sqrt": math.sqrt,
    "rsqrt": lambda a: 1 / math.sqrt(a),
    "reciprocal": lambda a: 1 / a,
    "exp": math.exp,
    "log": math.log,
    "floor": math.floor,
    "ceil": math.ceil,
    "round": round,
    "not": lambda a: not a,
    "erf": math.erf,
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "tanh": math.tanh,
    "sin": math.sin,
    "cos": math.cos,
}


def whole_numbers(const: Const, what: str) -> tuple[int, ...]:
    """Return the values of a constant as whole numbers; raise ModelFault where they are not known or not whole."""
    if const.values is None:
        raise ModelFault(f"its {what} is no constant that can be worked out")
    found = []
    for value in const.values:
        whole = isinstance(value, int) or (value == value and abs(value) < 2**53 and value == int(value))
        if not whole:
            raise ModelFault(f"its {what} would be {value}, which is no whole number")
        found.append(int(value))
    return tuple(found)
