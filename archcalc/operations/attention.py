"""Attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    CountFormula,
    Example,
    IntermediateFormula,
    Operation,
    Reads,
    ReadsOfAxes,
    Shape,
    ShapeError,
    read_all,
    required,
    setting,
)
from archcalc.operations.window import size
from archcalc.text.readers import flag, optional, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def products(N: Any, w: Any, h: Any, K: Any, V: Any) -> Any:
    """Count the products of queries with keys, and of the weights with values: one MAC each."""
    return N * w * h * (K + V)


def weights_of_softmax(N: Any, w: Any, h: Any) -> Any:
    """Count an exponential, an addition and a division for each pair of a query and a key."""
    return 3 * N * w * h


def offsets(w_h: Any, w_w: Any) -> Any:
    """Count the offsets that two places of a window can have."""
    return (2 * w_h - 1) * (2 * w_w - 1)


def bias_table(w_h: Any, w_w: Any, h: Any) -> Any:
    """Count one learned bias for each offset and head."""
    return offsets(w_h, w_w) * h


def network_weights(B: Any, h: Any) -> Any:
    """Count the weights of the network that gives the biases: two numbers in, B hidden values, a bias for each head."""
    return 2 * B + B * h


def network_biases(B: Any) -> Any:
    """Count the biases of its hidden layer; the second layer has none."""
    return B


def network_macs(w_h: Any, w_w: Any, B: Any, h: Any) -> Any:
    """Count the MACs of that network, which runs once for each offset."""
    return offsets(w_h, w_w) * network_weights(B, h)


def temperatures(h: Any) -> Any:
    """Count one learned temperature for each head."""
    return h


class Attention(Operation):
    """Lets each position attend to others: softmax(q·k / √d)·v for each head.

    Vaswani et al. 2017, "Attention Is All You Need", section 3.2. The input holds the channels of queries, keys and
    values, one after the other, as a token-wise linear layer gives them; with two inputs (``from: [q, kv]``) the
    queries come from the first, keys and values from the second. ``window`` restricts attention to windows: Liu et al.
    2021, "Swin Transformer", section 3.2. Shifting the windows in every second block costs nothing. With ``grid`` the
    positions of a window are spread over the map as far as possible: Tu et al. 2022, "MaxViT", section 3.2.
    """

    word = "attention"
    takes_several = True
    others_seen_whole = True
    heads: int = required(whole(1), "number of heads that share the channels")
    window: tuple[int, int] | None = setting(
        optional(size), "positions that each one attends to; all if left out", None
    )
    grid: bool = setting(flag, "whether the positions of a window are spread over the whole map", False)
    key: int | None = setting(optional(whole(1)), "channels of a key of one head; those of a value if left out", None)
    key_heads: int | None = setting(optional(whole(1)), "heads of keys and values; those of queries if left out", None)
    relative_bias: bool = setting(flag, "whether each head has a learned bias for each relative position", False)
    bias_network: int | None = setting(
        optional(whole(1)), "hidden units of a small network that computes those biases, instead of a table", None
    )
    temperature: bool = setting(flag, "whether each head has a learned temperature (scaled cosine attention)", False)

    examples = (
        Example(
            "12",
            ((2304, 197, 1),),
            (768, 197, 1),
            ops={"attention": 2 * 197 * 197 * 768, "softmax": 3 * 197 * 197 * 12},
            source="ViT-B/16: 12 layers of 59,610,624 are 715,327,488",
        ),
        Example(
            "{heads: 3, window: 7, relative_bias: true}",
            ((288, 56, 56),),
            (96, 56, 56),
            params=169 * 3,
            ops={"attention": 2 * 3136 * 49 * 96, "softmax": 3 * 3136 * 49 * 3},
            source="Swin-T's first block: (2·7 − 1)² = 169 offsets",
        ),
        Example(
            "{heads: 3, window: 8, bias_network: 512, temperature: true}",
            ((288, 64, 64),),
            (96, 64, 64),
            params=2 * 512 + 512 * 3 + 512 + 3,
            ops={
                "attention": 2 * 4096 * 64 * 96,
                "softmax": 3 * 4096 * 64 * 3,
                "mac": 225 * (2 * 512 + 512 * 3),
                "bias": 225 * 512,
            },
            source="SwinV2-T's first block: (2·8 − 1)² = 225 offsets",
        ),
        Example("{heads: 2, grid: true, window: 2}", ((6, 4, 4),), (2, 4, 4), ops={"attention": 256, "softmax": 384}),
        Example("8", ((512, 100, 1), (1024, 49, 1)), (512, 100, 1), ops={"attention": 5_017_600, "softmax": 117_600}),
        Example("{heads: 4, key: 16}", ((256, 49, 1),), (128, 49, 1), ops={"attention": 460_992, "softmax": 28_812}),
        Example("{heads: 8, key_heads: 2}", ((96, 9, 1),), (64, 9, 1), ops={"attention": 10_368, "softmax": 1_944}),
    )

    @property
    def _relative(self) -> bool:
        return self.relative_bias or self.bias_network is not None

    def remarks(self, shape: Shape) -> Iterator[str]:
        """Point out a single place, which has none to look at: a sequence that ``fc`` took as one vector."""
        if shape.height == shape.width == 1:
            yield "one place alone, which looks at itself; a linear layer of each place is a conv, fc makes one vector"

    def check(self) -> None:
        """Require a window for what is relative to it, and heads that share keys evenly."""
        if self.window is None and (self.grid or self._relative):
            raise ShapeError(f"{'a grid' if self.grid else 'a relative bias'} needs a window")
        if self.key_heads is not None and self.heads % self.key_heads:
            raise ShapeError(f"{self.heads} heads cannot share {self.key_heads} heads of keys and values")

    def output(self, *inputs: Shape) -> Shape:
        """Return the channels of the values at the places of the queries; raise ShapeError if channels do not fit."""
        if len(inputs) > 2:
            raise ShapeError(f"{len(inputs)} inputs, expected one, or queries and what they look at")
        first = inputs[0]
        if self.window is not None:
            if len(inputs) == 2:
                raise ShapeError("a window on two inputs")
            if first.height % self.window[0] or first.width % self.window[1]:
                window = f"{self.window[0]} x {self.window[1]}"
                raise ShapeError(f"windows of {window} do not tile {first.height} x {first.width}; pad it before")
        return Shape(self.heads * self._value(inputs), first.height, first.width)

    def _value(self, inputs: tuple[Shape, ...]) -> int:
        """Return the channels of a value of one head."""
        heads, groups = self.heads, self.key_heads or self.heads
        queries, rest = inputs[0].channels, inputs[1].channels if len(inputs) == 2 else 0
        if self.key is not None:
            left = queries - heads * self.key + rest - groups * self.key
            if left > 0 and left % groups == 0:
                return left // groups
        elif len(inputs) == 2:
            if queries % heads == 0 and rest == 2 * groups * (queries // heads):
                return queries // heads
        elif queries % (heads + 2 * groups) == 0:
            return queries // (heads + 2 * groups)
        given = " and ".join(str(shape.channels) for shape in inputs)
        raise ShapeError(f"{given} channels are not those of queries, keys and values of {heads} heads")

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the whole map, or the places of the window."""
        if self.window is None:
            return _all(shape.height), _all(shape.width)
        if self.window == shape[1:]:
            return _all(shape.height), _all(shape.width)
        if self.grid:
            return _spread(shape.height, self.window[0]), _spread(shape.width, self.window[1])
        height, width = self.window
        return _tiled(height), _tiled(width)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield the products, the softmax, and what relative positions add."""
        yield CountFormula("ops", "attention", products)
        yield CountFormula("ops", "softmax", weights_of_softmax)
        if self.relative_bias and self.bias_network is None:
            yield CountFormula("params", "weight", bias_table)
        if self.bias_network is not None:
            yield CountFormula("params", "weight", network_weights)
            yield CountFormula("params", "bias", network_biases)
            yield CountFormula("ops", "mac", network_macs)
            yield CountFormula("ops", "bias", _hidden_biases)
        if self.temperature:
            yield CountFormula("params", "weight", temperatures)

    def intermediate_formulas(self, inputs: tuple[Shape, ...]) -> Iterator[IntermediateFormula]:
        """Explain how many offsets there are."""
        if self._relative:
            yield IntermediateFormula("relative positions", offsets, self.quantities(inputs, inputs[0]))

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formulas: N places, w that each looks at, h heads, keys of K, values of V."""
        first, last = inputs[0], inputs[-1]
        w_h, w_w = self.window or last[1:]
        value = self._value(inputs)
        return {
            **super().quantities(inputs, output),
            "N": first.height * first.width,
            "w": w_h * w_w,
            "w_h": w_h,
            "w_w": w_w,
            "h": self.heads,
            "K": self.key or value,
            "V": value,
            "B": self.bias_network or 0,
        }


def _hidden_biases(w_h: Any, w_w: Any, B: Any) -> Any:
    return offsets(w_h, w_w) * B


def _all(length: int) -> Reads:
    return read_all(length)._replace(stride=1)


def _tiled(window: int) -> Reads:
    return Reads(window, window, (0,) * window, (window - 1,) * window, 1, 1)


def _spread(length: int, window: int) -> Reads:
    apart = length // window
    return Reads(apart, 0, tuple(range(apart)), tuple(place + (window - 1) * apart for place in range(apart)), apart, 1)
