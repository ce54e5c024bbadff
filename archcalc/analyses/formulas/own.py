"""What a network's own values are of everything that can vary and is a whole number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.variants import BATCH, variant
from archcalc.errors import RequestError, SpecError

if TYPE_CHECKING:
    from archcalc.analyses.variants import Base


def own_values(base: Base) -> dict[str, int]:
    """Return the values by name; empty where the network cannot be built without others."""
    try:
        report = variant(base, {}).report()
    except (SpecError, RequestError):
        return {}
    shape = report.input
    sizes = {"input_channels": shape.channels, "input_height": shape.height, "input_width": shape.width}
    if shape.height == shape.width or base.spec.family.sequence:
        sizes["input"] = shape.height
    arguments = {name: value for name, value in report.network.values.items() if value.__class__ is int}
    return {BATCH: base.batch, **sizes, **arguments}
