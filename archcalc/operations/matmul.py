"""Matrix product of two activations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.operations.base import CountFormula, Example, Operation, Shape, ShapeError, setting
from archcalc.text.readers import flag, whole
from archcalc.trace import exact_div

if TYPE_CHECKING:
    from collections.abc import Iterator


def products(C_in: Any, H: Any, W: Any, C_out: Any, h: Any) -> Any:
    """Count one multiplication and addition for each input channel, output channel and place, of each head apart."""
    return H * W * C_in * exact_div(C_out, h)


class Matmul(Operation):
    """Multiplies two activations as matrices: the positions of the first are rows, its channels columns.

    The second has as many positions as the first has channels, and its channels are those of the result; with
    ``transpose`` it has as many channels, and each of its positions becomes a channel. ``heads`` are parallel products,
    each of a share of the channels.
    """

    word = "matmul"
    takes_several = True
    has_branches = True
    others_seen_whole = True
    transpose: bool = setting(flag, "whether channels are multiplied with channels, as for queries and keys", False)
    heads: int = setting(whole(1), "parallel products, each of a share of the channels", 1)
    examples = (
        Example("", ((3, 1024, 1), (3, 3, 1)), (3, 1024, 1), ops={"matmul": 9_216}, source="PointNet: x·T, T 3 x 3"),
        Example("{transpose: true}", ((64, 49, 1), (64, 49, 1)), (49, 49, 1), ops={"matmul": 49 * 49 * 64}),
        Example(
            "{transpose: true, heads: 12}",
            ((768, 197, 1), (768, 197, 1)),
            (12 * 197, 197, 1),
            ops={"matmul": 197 * 197 * 768},
            source="queries and keys of ViT-B/16",
        ),
        Example("{heads: 12}", ((12 * 197, 197, 1), (768, 197, 1)), (768, 197, 1), ops={"matmul": 197 * 197 * 768}),
    )

    def output(self, *inputs: Shape) -> Shape:
        """Return the channels that the second gives, at the places of the first; raise ShapeError for other inputs."""
        if len(inputs) != 2:
            raise ShapeError(f"a product of {len(inputs)} matrices, expected two")
        first, second = inputs
        places = second.height * second.width
        if first.channels % self.heads or second.channels % self.heads:
            raise ShapeError(f"{first.channels} and {second.channels} channels, of {self.heads} heads each")
        inner, other = (first.channels, second.channels) if self.transpose else (first.channels // self.heads, places)
        if inner != other:
            kind = "channels" if self.transpose else "places"
            raise ShapeError(f"{inner} channels of {first}, but {other} {kind} of {second}")
        return Shape(self.heads * places if self.transpose else second.channels, first.height, first.width)

    def formulas(self) -> Iterator[CountFormula]:
        """Yield the products, which no weights take part in."""
        yield CountFormula("ops", "matmul", products)

    def quantities(self, inputs: tuple[Shape, ...], output: Shape) -> dict[str, int]:
        """Return the quantities of the formula: h heads."""
        return {**super().quantities(inputs, output), "h": self.heads}
