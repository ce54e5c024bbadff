"""Errors that --input, --set or a name with arguments in it cause, in the words of the command line.

Only imported where a network could not be analysed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.analyses.variants import is_own, reason
from archcalc.engine.arguments import argument_values, input_shapes
from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import RequestError, SpecError, printable
from archcalc.language.networks import with_values
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.engine.arguments import Size
    from archcalc.errors import ArchcalcError
    from archcalc.language.networks import NetworkSpec
    from archcalc.operations.base import Shape

NEAR = 64
"""How far from a size that does not fit others are tried; further only up to the network's own."""

MAX_TRIED_LAYERS = 50_000
"""Layers that the sizes to try may have together: less than a second's work."""


def cause(
    error: SpecError,
    spec: NetworkSpec,
    settings: Mapping[str, str],
    text: str | None,
    size: Size | Mapping[str, Size] | None,
) -> ArchcalcError:
    """Return the error to report where a network cannot be analysed as it was asked for.

    ``spec`` is the network before ``settings`` (--set); ``text`` and ``size`` are its --input. A RequestError says what
    the command line did; where the spec is wrong without it, that is the SpecError of the spec itself.
    """
    spec = with_values(spec, {name: value for name, value in settings.items() if _required(spec, name)})
    own = _failure(spec, None)
    if own is not None:
        return RequestError(f"{printable(spec.name)}: {reason(own)}") if is_own(own.file) else error
    by_settings = _failure(with_values(spec, settings), None) if settings else None
    if by_settings is not None:
        return RequestError(_about_settings(spec, settings, by_settings))
    if text is None or size is None:
        return error
    return RequestError(f"--input {printable(text)}: {_about_size(with_values(spec, settings), size, error)}")


def refuse_channels_last(spec: NetworkSpec, text: str, size: Size) -> None:
    """Raise RequestError for a size whose channels come last: 224x224x3 for a network of three channels."""
    if spec.family.sequence or len(spec.input) > 1:
        return
    height, width, last = size
    if last == _own_input(spec).channels != height:
        raise RequestError(f"--input {printable(text)}: channels come first: {last}x{height}x{width}")


def _required(spec: NetworkSpec, name: str) -> bool:
    """Whether an argument has no value unless --set gives one."""
    return spec.family.arguments[name].default is None and name not in spec.values


def _failure(spec: NetworkSpec, size: Size | None) -> SpecError | None:
    """Return why a network cannot be analysed at a size (None: its own), or None where it can."""
    try:
        count(expand(spec, size), setup())
    except SpecError as error:
        return error
    return None


def _own_input(spec: NetworkSpec) -> Shape:
    try:
        return next(iter(input_shapes(spec, argument_values(spec), None).values()))
    except NodeError as error:
        raise spec.wrong(error) from None


def _about_settings(spec: NetworkSpec, settings: Mapping[str, str], error: SpecError) -> str:
    """Say which of the settings is the cause, what goes wrong, and what the arguments are without them."""
    for name, value in settings.items():
        alone = _failure(with_values(spec, {name: value}), None)
        if alone is not None:
            settings, error = {name: value}, alone
            break
    usual = argument_values(spec)
    given = " ".join(f"--set {name}={printable(value)}" for name, value in settings.items())
    without = ", ".join(f"{name} is {_shown(usual[name])}" for name in settings)
    return f"{given}: {reason(error)}; {without} in {printable(spec.name)}"


def _shown(value: Any) -> str:
    if value.__class__ is tuple:
        return f"[{', '.join(map(_shown, value))}]"
    if value.__class__ is bool:
        return "true" if value else "false"
    return str(value) if value.__class__ in (int, str) else f"{float(value):g}"


def _about_size(spec: NetworkSpec, size: Size | Mapping[str, Size], error: SpecError) -> str:
    """Say why a size does not fit, and which does: the least one, or the nearest on either side."""
    name, why = printable(spec.name), reason(error)
    if not isinstance(size, tuple):
        return f"{name}: {why}"
    given = size[-1] if spec.family.sequence else min(size[-2:])
    if size != _square(spec, size, given) and _fits(spec, _square(spec, size, given)):
        return f"{name}: {why}"
    below, above = _nearest(spec, size, given)
    fitting = [_written(_square(spec, size, length), spec) for length in (below, above) if length]
    if not below and above:
        return f"{name} needs an input of at least {fitting[0]} ({why})"
    if not fitting:
        return f"{name}: {why}"
    return f"{name}: {why}; {' and '.join(fitting)} {'fits' if len(fitting) == 1 else 'fit'}"


def _nearest(spec: NetworkSpec, size: Size, given: int) -> tuple[int | None, int | None]:
    """Return the nearest lengths below and above a given one that fit; None where none does that is tried."""
    own = _own_input(spec)
    most = MAX_TRIED_LAYERS // len(expand(spec).nodes)
    below = range(given - 1, max(0, given - 1 - min(most, NEAR)), -1)
    above = range(given + 1, given + 1 + min(most, max(NEAR, own.height - given, own.width - given)))

    def first(lengths: range) -> int | None:
        return next((length for length in lengths if _fits(spec, _square(spec, size, length))), None)

    return first(below), first(above)


def _fits(spec: NetworkSpec, size: Size) -> bool:
    try:
        return _failure(spec, size) is None
    except RequestError:
        return False


def _square(spec: NetworkSpec, size: Size, length: int) -> Size:
    """Return a size as it was given, channels or not, with another length, or with it as both height and width."""
    if spec.family.sequence:
        return (*size[:-1], length)
    return (size[0], length, length) if len(size) == 3 else (length, length) if len(size) == 2 else (length,)


def _written(size: Size, spec: NetworkSpec) -> str:
    return "x".join(map(str, size if len(size) > 1 or spec.family.sequence else size * 2))
