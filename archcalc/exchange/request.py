"""Sizes of inputs that a user gives where a file leaves them open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.errors import RequestError, one_of, printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Sizes = "Mapping[str, tuple[int, ...]]"
"""Sizes by the name of an input; those under the empty name are for every other input."""


def closed(
    file: str,
    name: str,
    axes: Sequence[int | str] | None,
    sizes: Mapping[str, tuple[int, ...]],
    channels: int = 0,
) -> tuple[int, ...]:
    """Fill the open axes of an input (batch left out) with what the user gave; raise RequestError where it is open.

    An axis is a number, or its name in the file (empty where it has none). ``channels`` is the place of the channels.
    Given may be one number for every open axis, the axes of space alone, or all axes with the channels in front.
    """
    given = sizes.get(name, sizes.get("", ()))
    if axes is None:
        if not given:
            raise RequestError(
                f"{printable(file)}: the input {printable(name)!r} has no size in the file: give it with --input, such "
                "as --input 3x224x224"
            )
        return given
    named = [axis or "?" for axis in axes if not isinstance(axis, int)]
    if not named:
        return tuple(axis for axis in axes if isinstance(axis, int))
    if not given:
        shown = " x ".join(str(axis or "?") for axis in axes)
        raise RequestError(
            f"{printable(file)}: the input {printable(name)!r} is {printable(shown)}, and leaves "
            f"{printable(listed(named))} open: give its size with --input, such as --input {_example(axes, channels)}"
        )
    return _filled(file, name, axes, given, channels)


def _filled(file: str, name: str, axes: Sequence[int | str], given: tuple[int, ...], channels: int) -> tuple[int, ...]:
    opened = [place for place, axis in enumerate(axes) if not isinstance(axis, int)]
    order = list(range(len(axes)))
    if order:
        order.insert(0, order.pop(channels % len(axes)))
    places = order if len(given) == len(axes) else order[1:] if len(given) == len(axes) - 1 else None
    if len(given) == 1 and len(axes) != 1:
        found = dict.fromkeys(opened, given[0])
    elif places is not None:
        found = dict(zip(places, given, strict=True))
    elif len(given) == len(opened):
        found = dict(zip(opened, given, strict=True))
    else:
        shown = " x ".join(str(axis or "?") for axis in axes)
        raise RequestError(
            f"{printable(file)}: the input {printable(name)!r} is {printable(shown)}; "
            f"{len(given)} numbers ({', '.join(map(str, given))}) do not say what is open"
        )
    for place, axis in enumerate(axes):
        if isinstance(axis, int) and found.get(place, axis) != axis and len(given) != 1:
            raise RequestError(f"{printable(file)}: the file fixes {axis}, where --input says {found[place]}")
    return tuple(axis if isinstance(axis, int) else found[place] for place, axis in enumerate(axes))


def _example(axes: Sequence[int | str], channels: int) -> str:
    colours = channels % len(axes) if len(axes) > 2 else -1
    usual = (3 if place == colours else 224 for place in range(len(axes)))
    lengths = [axis if isinstance(axis, int) else length for axis, length in zip(axes, usual, strict=True)]
    if len(lengths) < 2:
        return str(*lengths) if lengths else "224"
    lengths.insert(0, lengths.pop(channels % len(lengths)))
    return "x".join(map(str, lengths))


def listed(names: Sequence[str]) -> str:
    """Write names in a sentence."""
    return one_of(names).replace(" or ", " and ") if len(set(names)) > 1 else names[0]
