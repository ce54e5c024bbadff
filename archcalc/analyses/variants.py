"""Variants of a network: the same spec with other arguments, another input or another batch, each analysed on its own.

What varies goes by name: the arguments of the spec; ``input`` (height and width together, or a whole size),
``input_height``, ``input_width`` and ``input_channels``; the names of several inputs; ``batch``. An argument of the
spec goes before what else has its name.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.engine.arguments import argument_values, input_shapes
from archcalc.engine.count import setup
from archcalc.engine.sums import analyse
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.record import Record
from archcalc.text.tree import NodeError
from archcalc.zoo import folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.engine.arguments import Size
    from archcalc.engine.layer import Setup
    from archcalc.engine.report import Report
    from archcalc.errors import SpecError
    from archcalc.language.networks import NetworkSpec

BATCH = "batch"

SIZES = ("input", "input_height", "input_width", "input_channels")
"""Names for the sizes of the one input."""


class Base(Record):
    """The network that is varied: its spec, and what it is analysed for where that does not vary."""

    spec: NetworkSpec
    size: Size | Mapping[str, Size] | None = None
    batch: int = 1
    dtype: str = "float32"
    training: bool = False


class Variant(NamedTuple):
    """One variant, ready for the engine."""

    spec: NetworkSpec
    size: Size | Mapping[str, Size] | None
    setup: Setup
    training: bool

    def report(self) -> Report:
        """Analyse it; raise SpecError or RequestError where that is impossible."""
        return analyse(self.spec, self.size, self.setup, training=self.training)


def names_to_vary(spec: NetworkSpec) -> tuple[str, ...]:
    """Return what can vary of a network, its own arguments first."""
    inputs = SIZES if len(spec.input) == 1 else tuple(spec.input)
    return tuple(dict.fromkeys((*spec.family.arguments, *inputs, BATCH)))


def check_name(spec: NetworkSpec, name: str) -> None:
    """Raise RequestError if there is nothing of that name that can vary."""
    known = names_to_vary(spec)
    if name not in known:
        hint = did_you_mean(name, known) or f" (there are {', '.join(known)})"
        raise RequestError(f"{spec.name} has no argument '{printable(name[:60])}'{hint}")


def variant(base: Base, values: Mapping[str, Any]) -> Variant:
    """Return a variant; raise RequestError for a size or batch that is impossible, SpecError for arguments."""
    arguments = base.spec.family.arguments
    own = {name: value for name, value in values.items() if name in arguments}
    others = {name: value for name, value in values.items() if name not in arguments}
    spec = base.spec.replace(values={**base.spec.values, **own}) if own else base.spec
    batch = _whole(others.pop(BATCH, base.batch), "the batch")
    size = _sized(base, spec, others) if others else base.size
    return Variant(spec, size, setup(batch, base.dtype), base.training)


def _sized(base: Base, spec: NetworkSpec, given: Mapping[str, Any]) -> Size | dict[str, Size]:
    """Return the size of the input with some of its sides given, or those of several inputs."""
    if len(spec.input) > 1:
        known = base.size if isinstance(base.size, dict) else {}
        return {**known, **{name: _sides(side, name) for name, side in given.items()}}
    try:
        (shape,) = input_shapes(spec, argument_values(spec), base.size).values()
    except NodeError as error:
        raise spec.wrong(error) from None
    side = given.get("input", (shape.height, shape.width))
    sides = side if isinstance(side, tuple) else (side, side)
    height, width = given.get("input_height", sides[-2]), given.get("input_width", sides[-1])
    own = sides[0] if len(sides) == 3 else shape.channels
    channels = _whole(given.get("input_channels", own), "the number of input channels")
    if spec.family.sequence:
        return (channels, _whole(height, "the input's length"))
    return (channels, _whole(height, "the input's height"), _whole(width, "the input's width"))


def _sides(side: Any, name: str) -> tuple[int, ...]:
    return side if isinstance(side, tuple) else (_whole(side, f"the input {name}"),)


def _whole(value: Any, what: str) -> int:
    if value.__class__ is not int or value < 1:
        raise RequestError(f"{what} is {value}; it is a whole number of at least 1")
    return int(value)


def reason(error: SpecError) -> str:
    """Return what is wrong, and where if it is in a spec file of the user's."""
    mistake = error.mistakes[0]
    theirs = error.file.endswith((".yaml", ".yml")) and not is_own(error.file)
    place = f" at {printable(error.file)}:{mistake.line + 1}:{mistake.column + 1}" if theirs else ""
    return f"{printable(mistake.message)}{place}"


def is_own(file: str) -> bool:
    """Whether a file is one of archcalc's own specs, which are right but for the values that are given."""
    return os.path.dirname(file) == folder()
