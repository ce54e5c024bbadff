"""Analysing a network for its totals: what a block comes to is kept, and layers are built when they are asked for.

What a block comes to (:class:`archcalc.engine.pieces.Piece`) is kept with the family and serves all later analyses.
Where layers refer to one another across blocks, share weights, run several times or only in training, and wherever
something is wrong, the network is expanded and counted layer by layer, as ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.arguments import argument_values, input_shapes
from archcalc.engine.count import count
from archcalc.engine.expand import expand
from archcalc.engine.known import known_of
from archcalc.engine.pieces import totals
from archcalc.engine.report import Counted, Report
from archcalc.engine.summing import NeedsLayersError, Summing
from archcalc.operations.base import ShapeError
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.engine.arguments import Size
    from archcalc.engine.layer import Setup
    from archcalc.language.networks import NetworkSpec


def analyse(
    spec: NetworkSpec, input: Size | Mapping[str, Size] | None, setup: Setup, *, training: bool = False
) -> Report:
    """Return the report of a spec for its own input, another size, or sizes by name.

    Raises SpecError where shapes do not fit, as expanding the network does.
    """
    report = _report(spec, input, setup, training)
    return report or count(expand(spec, input), setup, training=training)


def _report(spec: NetworkSpec, input: Size | Mapping[str, Size] | None, setup: Setup, training: bool) -> Report | None:
    """Return a report whose layers are still to be built; None where it takes the layers to know."""
    known = known_of(spec.family)
    if known.plain:
        return None
    try:
        values = argument_values(spec)
        inputs = input_shapes(spec, values, input)
        sums, flow = Summing(spec.family, known, values).network(inputs)
    except (NodeError, ShapeError, NeedsLayersError):
        return None

    def counted() -> Counted:
        return count(expand(spec, input), setup, training=training).counted()

    return Report(spec, inputs, setup, training, totals(sums), flow.depth, sums[0], None, counted)
