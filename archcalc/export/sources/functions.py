"""The functions of formulas in Python's floating point, as sources have them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def make_divisible(value: Any, divisor: int) -> int:
    """Return the nearest multiple of a divisor, one step up where that is less than 0.9 of the value."""
    nearest = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * value else nearest


COMPUTED: dict[str, tuple[str, Callable[..., Any]]] = {
    "min": ("min", min),
    "max": ("max", max),
    "ceil": ("math.ceil", math.ceil),
    "floor": ("math.floor", math.floor),
    "make_divisible": ("make_divisible", make_divisible),
}
"""Word of formulas to the function in a source, and what it computes."""

FUNCTIONS = {
    "make_divisible": '''def make_divisible(value, divisor):
    """The nearest multiple of a divisor, one step up where that is less than 0.9 of the value."""
    nearest = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * value else nearest''',
}
"""Functions that stand in the source itself."""
