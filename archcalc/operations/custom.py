"""An operation that a user describes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import (
    POINT,
    UNKNOWN,
    CountFormula,
    Example,
    Operation,
    ReadsOfAxes,
    Shape,
    read_whole_map,
    read_window,
    required,
    setting,
)
from archcalc.operations.window import size
from archcalc.text.readers import choice, flag, optional, or_word, text, whole
from archcalc.text.readers import shape as any_shape

if TYPE_CHECKING:
    from collections.abc import Iterator


def given_params(params: Any) -> Any:
    """Count the parameters of no kind as given."""
    return params


def given_weights(weights: Any) -> Any:
    """Count the weights as given."""
    return weights


def given_biases(biases: Any) -> Any:
    """Count the biases as given."""
    return biases


def given_norms(norms: Any) -> Any:
    """Count the scales and shifts of normalisation as given."""
    return norms


def given_buffers(buffers: Any) -> Any:
    """Count what is kept but not trained as given."""
    return buffers


def given_macs(macs: Any) -> Any:
    """Count the MACs of weights as given."""
    return macs


def given_products(products: Any) -> Any:
    """Count the MACs of two activations as given."""
    return products


def given_ops(ops: Any) -> Any:
    """Count the other work as given."""
    return ops


GIVEN = {
    "params": ("params", "custom", given_params),
    "weights": ("params", "weight", given_weights),
    "biases": ("params", "bias", given_biases),
    "norms": ("params", "norm", given_norms),
    "buffers": ("buffers", "custom", given_buffers),
    "macs": ("ops", "mac", given_macs),
    "products": ("ops", "matmul", given_products),
    "ops": ("ops", "custom", given_ops),
}
"""Setting to what it counts, and of which kind."""


class Custom(Operation):
    """Anything else: its output, parameters and work are formulas in the spec itself.

    Its receptive field is known if it keeps the map's height and width (one position each), or gives its `window` and
    `stride`.
    """

    word = "custom"
    user_defined = True
    takes_several = True
    what: str = required(text, "what it is, in words")
    shape: tuple[int, int, int] | None = setting(
        optional(any_shape(whole(1), 1)), "the output's shape; the input's if left out", None
    )
    params: int = setting(whole(0), "number of parameters of no particular kind", 0)
    weights: int = setting(whole(0), "number of weights", 0)
    biases: int = setting(whole(0), "number of biases", 0)
    norms: int = setting(whole(0), "number of scales and shifts of normalisation", 0)
    buffers: int = setting(whole(0), "number of values that are stored but not trained", 0)
    macs: int = setting(whole(0), "number of MACs", 0)
    products: int = setting(whole(0), "number of MACs of two activations, without weights", 0)
    ops: int = setting(whole(0), "operations of any other kind", 0)
    window: tuple[int, int] | str | None = setting(
        optional(or_word(size, "map")),
        "rows and columns that an output value depends on, or map: all of them",
        None,
    )
    stride: tuple[int, int] | None = setting(optional(size), "step of that window; 1 if left out", None)
    stores: bool = setting(flag, "whether its output is stored, and so counts as activation memory", True)
    saves: str = setting(choice("input", "output", "none"), "what its backward pass needs of the forward pass", "input")
    weighted: bool = setting(flag, "whether it counts as a layer with weights of its own", False)

    examples = (
        Example(
            "{what: Euclidean radial basis functions, shape: [10, 1, 1], macs: 840}",
            ((84, 1, 1),),
            (10, 1, 1),
            ops={"mac": 840},
        ),
        Example("{what: a learned scale, params: 8, ops: 2048}", ((8, 16, 16),), (8, 16, 16), 8, {"custom": 2_048}),
        Example(
            "{what: a deformable convolution, weights: 36864, biases: 64, macs: 28901376, window: 3}",
            ((64, 28, 28),),
            (64, 28, 28),
            params=36_928,
            ops={"mac": 28_901_376},
        ),
        Example(
            "{what: cross-correlation, shape: [1, 17, 17], products: 2663424}",
            ((256, 6, 6), (256, 22, 22)),
            (1, 17, 17),
            ops={"matmul": 2_663_424},
            source="SiamFC, figure 1: 256·6·6 products at 17·17 places",
        ),
    )

    @property
    def counts_in_depth(self) -> bool:  # type: ignore[override]
        """Whether the spec says that it has weights of its own."""
        return self.weighted

    @property
    def saved_for_backward(self) -> str:  # type: ignore[override]
        """What the spec says that its backward pass needs."""
        return "" if self.saves == "none" else self.saves

    def output(self, *inputs: Shape) -> Shape:
        """Return the shape that the spec gives."""
        return inputs[0] if self.shape is None else Shape(*self.shape)

    def reads(self, shape: Shape) -> ReadsOfAxes:
        """See the window that the spec gives; without one each place's own, or nobody knows what where sizes change."""
        if self.window is None and self.stride is None:
            return POINT if self.shape is None or self.shape[1:] == shape[1:] else UNKNOWN
        if isinstance(self.window, str):
            return read_whole_map(shape)
        height, width = (
            read_window(-((kernel - 1) // 2), kernel, stride)
            for kernel, stride in zip(self.window or (1, 1), self.stride or (1, 1), strict=True)
        )
        return height, width

    def remarks(self, shape: Shape) -> Iterator[str]:
        """Point out what is said to be in place or a view, but has more or fewer values than its input."""
        output = self.output(shape)
        if not self.stores and output.values != shape.values:
            yield (
                f"it stores nothing, but makes {output.values:,} values ({output}) of {shape.values:,} ({shape});"
                " a reshape keeps them all"
            )

    def formulas(self) -> Iterator[CountFormula]:
        """Yield what the spec gives."""
        for name, (of, kind, formula) in GIVEN.items():
            if getattr(self, name):
                yield CountFormula(of, kind, formula)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return what the spec gives."""
        return {**super().quantities(inputs, output), **{name: getattr(self, name) for name in GIVEN}}
