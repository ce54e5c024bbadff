"""Products of activations, attention and recurrent layers, in ONNX."""

from __future__ import annotations

from itertools import pairwise, product
from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.export.onnx.context import Context
    from archcalc.export.onnx.graph import Value


class Heads:
    """Queries, keys and values of all heads as tensors of ... x heads x places x channels, of each window apart."""

    def __init__(self, c: Context) -> None:
        held = c.operation
        given = held.quantities(c.shapes, c.output)
        self.c = c
        self.heads: int = held.heads
        self.key_heads: int = held.key_heads or held.heads
        self.key: int = given["K"]
        self.value: int = given["V"]
        self.around: int = given["w"]
        self.window: tuple[int, int] | None = held.window
        self.grid: bool = held.grid

    def parts(self) -> tuple[Value, Value, Value]:
        """Return the channels of queries, of keys and of values as maps."""
        c = self.c
        queries, keys = self.heads * self.key, self.key_heads * self.key
        whole = c.map()
        if len(c.inputs) == 1:
            edges = [0, queries, queries + keys, queries + keys + self.key_heads * self.value]
            first, second, third = (c.sliced(whole, 1, start, stop) for start, stop in pairwise(edges))
            return first, second, third
        other = c.map(1)
        inside = whole.dims[1] - queries  # where more than queries stands in the first input
        assert inside == 0
        return whole, c.sliced(other, 1, 0, keys), c.sliced(other, 1, keys, other.dims[1])

    def apart(self, x: Value, heads: int, *, turned: bool = False) -> Value:
        """Return a map with an axis of windows and one of heads in front of places x channels (or the other way)."""
        c = self.c
        _, channels, height, width = x.dims
        each = channels // heads
        if self.window is None:
            split = c.reshaped(x, (1, heads, each, height * width))
            return split if turned else c.turned(split, (0, 1, 3, 2))
        rows, columns, inner_rows, inner_columns = self._tiles(height, width)
        if self.grid:
            split = c.reshaped(x, (1, heads, each, inner_rows, rows, inner_columns, columns))
            order = [0, 4, 6, 1, 3, 5]
        else:
            split = c.reshaped(x, (1, heads, each, rows, inner_rows, columns, inner_columns))
            order = [0, 3, 5, 1, 4, 6]
        places = inner_rows * inner_columns
        order = [*order[:4], 2, *order[4:]] if turned else [*order, 2]
        laid = c.turned(split, order)
        last = (each, places) if turned else (places, each)
        return c.reshaped(laid, (1, rows * columns, heads, *last))

    def _tiles(self, height: int, width: int) -> tuple[int, int, int, int]:
        assert self.window is not None
        return height // self.window[0], width // self.window[1], *self.window

    def together(self, x: Value) -> Value:
        """Return what the heads give as the layer's output: their channels at each place."""
        c = self.c
        height, width = c.output[1:]
        if self.window is None:
            return c.reshaped(c.turned(x, (0, 1, 3, 2)), c.dims, last=True)
        rows, columns, inner_rows, inner_columns = self._tiles(height, width)
        split = c.reshaped(x, (1, rows, columns, self.heads, inner_rows, inner_columns, self.value))
        order = (0, 3, 6, 4, 1, 5, 2) if self.grid else (0, 3, 6, 1, 4, 2, 5)
        return c.reshaped(c.turned(split, order), c.dims, last=True)

    def shared(self, x: Value) -> Value:
        """Return keys or values for every head of queries, where several share one."""
        times = self.heads // self.key_heads
        if times == 1:
            return x
        c = self.c
        at = len(x.dims) - 3
        dims = (*x.dims[: at + 1], times, *x.dims[at + 1 :])
        single = c.reshaped(x, (*x.dims[: at + 1], 1, *x.dims[at + 1 :]))
        spread = c.add("Expand", [single, c.whole_numbers(dims)], dims)
        return c.reshaped(spread, (*x.dims[:at], self.heads, *x.dims[at + 1 :]))


def attention(c: Context) -> Value:
    """Softmax of queries times keys, times values: Vaswani et al. 2017, equation 1."""
    held, heads = c.operation, Heads(c)
    queries, keys, values = heads.parts()
    q = heads.apart(queries, heads.heads)
    k = heads.shared(heads.apart(keys, heads.key_heads, turned=True))
    v = heads.shared(heads.apart(values, heads.key_heads))
    if held.temperature:
        q, k = _of_length_one(c, q, -1), _of_length_one(c, k, -2)
    dims = (*q.dims[:-1], k.dims[-1])
    scores = c.add("MatMul", [q, k], dims)
    if held.temperature:
        scores = c.add("Mul", [scores, c.weight("temperature", (heads.heads, 1, 1))], dims)
    else:
        scores = c.add("Mul", [scores, c.real(heads.key**-0.5)], dims)
    if held.relative_bias or held.bias_network is not None:
        scores = c.add("Add", [scores, _relative(c, heads)], dims)
    found = c.add("MatMul", [c.add("Softmax", [scores], dims, axis=-1), v], (*dims[:-1], heads.value))
    return heads.together(found)


def _of_length_one(c: Context, x: Value, axis: int) -> Value:
    """Divide by the length along an axis: scaled cosine attention, Liu et al. 2022, "Swin Transformer V2", 3.2."""
    axis = len(x.dims) + axis
    dims = [1 if at == axis else length for at, length in enumerate(x.dims)]
    length = c.add("ReduceL2", [x], dims, axes=[axis], keepdims=1)
    return c.add("Div", [x, c.add("Clip", [length, c.real(1e-12)], dims)], x.dims)


def _relative(c: Context, heads: Heads) -> Value:
    """Return a bias for each pair of places of a window: from a table of offsets, or from a small network."""
    assert heads.window is not None
    height, width = heads.window
    offsets, places = (2 * height - 1) * (2 * width - 1), height * width
    if c.operation.bias_network is None:
        table = c.weight("relative_bias", (offsets, heads.heads))
    else:
        table = _position_network(c, heads.window, heads.heads)
    pairs = c.graph.whole_numbers(f"pairs/{height}x{width}", _pairs(height, width))
    chosen = c.add("Gather", [table, pairs], (places * places, heads.heads), axis=0)
    laid = c.turned(c.reshaped(chosen, (places, places, heads.heads)), (2, 0, 1))
    return c.reshaped(laid, (1, heads.heads, places, places))


def _position_network(c: Context, window: tuple[int, int], heads: int) -> Value:
    """Return the table that two linear layers make of the offsets, in logarithms: "Swin Transformer V2", 3.3."""
    hidden = c.operation.bias_network
    spread = list(product(range(1 - window[0], window[0]), range(1 - window[1], window[1])))
    numbers = [
        _logarithm(offset / max(length - 1, 1)) for pair in spread for offset, length in zip(pair, window, strict=True)
    ]
    where = c.graph.reals(f"offsets/{window[0]}x{window[1]}", numbers, (len(spread), 2))
    rows = len(spread)
    first = c.add("MatMul", [where, c.weight("position_1.weight", (2, hidden))], (rows, hidden))
    shifted = c.add("Add", [first, c.weight("position_1.bias", (hidden,))], (rows, hidden))
    bent = c.add("Relu", [shifted], (rows, hidden))
    found = c.add("MatMul", [bent, c.weight("position_2.weight", (hidden, heads))], (rows, heads))
    return c.add("Mul", [c.add("Sigmoid", [found], (rows, heads)), c.real(16.0)], (rows, heads))


def _logarithm(offset: float) -> float:
    """Return an offset from -1 to 1 on a scale that favours near ones."""
    size = log2(abs(8 * offset) + 1) / 3
    return size if offset >= 0 else -size


def _pairs(height: int, width: int) -> list[int]:
    """Return the row of the table for each pair of places of a window."""
    places = list(product(range(height), range(width)))
    return [
        (row - other_row + height - 1) * (2 * width - 1) + column - other_column + width - 1
        for row, column in places
        for other_row, other_column in places
    ]


def matmul(c: Context) -> Value:
    """MatMul of places x channels, of each head apart."""
    heads = c.operation.heads
    first, second = (
        c.reshaped(c.map(place), (1, heads, shape.channels // heads, shape.height * shape.width))
        for place, shape in enumerate(c.shapes)
    )
    left = c.turned(first, (0, 1, 3, 2))
    right = second if c.operation.transpose else c.turned(second, (0, 1, 3, 2))
    found = c.add("MatMul", [left, right], (*left.dims[:-1], right.dims[-1]))
    return c.reshaped(c.turned(found, (0, 1, 3, 2)), c.dims, last=True)


def cross_correlation(c: Context) -> Value:
    """Conv, whose weights are the second tensor: one filter, or one for each channel."""
    searched, template = c.map(0), c.map(1)
    groups = c.shape.channels if c.operation.depthwise else 1
    kernel = c.shapes[1][1:]
    if c.operation.depthwise:
        template = c.reshaped(template, (groups, 1, *kernel))
    return c.end("Conv", [searched, template], c.dims, group=groups, kernel_shape=kernel)


def recurrent(c: Context) -> Value:
    """LSTM and GRU: places in the first axis, batch in the second; a node for each layer."""
    held, (channels, height, width) = c.operation, c.shape
    steps, directions, units = height * width, 2 if held.bidirectional else 1, held.units
    x = c.turned(c.reshaped(c.map(), (1, channels, steps)), (2, 0, 1))
    for number in range(held.layers):
        top = number == held.layers - 1
        outputs: list[Sequence[int] | None] = [(steps, directions, 1, units), (directions, 1, units)]
        outputs[1 if not (top and held.last) else 0] = None
        given = _recurrent_weights(c, number, x.dims[-1], directions)
        reset = {"linear_before_reset": 1} if held.word == "gru" else {}
        direction = "bidirectional" if held.bidirectional else "forward"
        found = c.add_several(
            held.word.upper(), [x, *given], outputs[:2] if outputs[1] else outputs[:1], hidden_size=units,
            direction=direction, **reset,
        )  # fmt: skip
        if top and held.last:
            return c.reshaped(found[1], c.dims, last=True)
        x = c.reshaped(c.turned(found[0], (0, 2, 1, 3)), (steps, 1, directions * units))
    return c.reshaped(c.turned(x, (1, 2, 0)), c.dims, last=True)


def _recurrent_weights(c: Context, number: int, channels: int, directions: int) -> list[Value | str]:
    """Return input weights, state weights and biases; a single bias stands beside zeros."""
    held = c.operation
    rows, layer = held.gates * held.units, f"_{number + 1}" if held.layers > 1 else ""
    found: list[Value | str] = [
        c.weight(f"input{layer}.weight", (directions, rows, channels)),
        c.weight(f"state{layer}.weight", (directions, rows, held.units)),
    ]
    if held.bias == "double":
        found.append(c.weight(f"bias{layer}", (directions, 2 * rows)))
    elif held.bias == "single":
        zeros = c.graph.reals(f"zeros/{directions}x{rows}", [0.0] * directions * rows, (directions, rows))
        both: list[Value | str] = [c.weight(f"bias{layer}", (directions, rows)), zeros]
        found.append(c.add("Concat", both, (directions, 2 * rows), axis=1))
    return found


LAYERS: dict[str, Callable[[Context], Value]] = {
    "attention": attention,
    "matmul": matmul,
    "cross_correlation": cross_correlation,
    **dict.fromkeys(("lstm", "gru"), recurrent),
}
