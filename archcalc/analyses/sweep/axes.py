"""The axes of a sweep: what varies, and over which values (``alpha=0.25,0.5``, ``input=128..224:32``)."""

from __future__ import annotations

import re
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.variants import names_to_vary
from archcalc.engine.layer import DTYPES
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.language.networks import input_size
from archcalc.text import readers
from archcalc.text.tree import NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archcalc.language.networks import NetworkSpec

DTYPE, DEVICE = "dtype", "device"

MAX_VARIANTS = 1_000_000
"""Variants of one sweep."""

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_RANGE = rf"({_NUMBER})\.\.({_NUMBER})(?::({_NUMBER}))?"


class Axis(NamedTuple):
    """What varies along one axis, and its values: numbers, words, true and false, sizes."""

    name: str
    values: tuple[Any, ...]


def read_axes(specs: Sequence[NetworkSpec], texts: Iterable[str]) -> tuple[Axis, ...]:
    """Read ``ARG=V1,V2,...`` and ``ARG=A..B[:STEP]``, also mixed; raise RequestError for what cannot vary.

    A range ends with B itself where a step leads there.
    """
    axes: list[Axis] = []
    size = 1
    for text in texts:
        name, equals, listed = (part.strip() for part in text.partition("="))
        if not equals or not name or not listed:
            raise RequestError(f"{printable(text)}: write ARG=V1,V2 or ARG=FROM..TO:STEP")
        for spec in specs:
            _check(spec, name)
        if name in [axis.name for axis in axes]:
            raise RequestError(f"{printable(text)}: {name} is given twice; put all of its values into one list")
        axes.append(Axis(name, tuple(dict.fromkeys(_values(specs, name, text, listed)))))
        size *= len(axes[-1].values)
        if size > MAX_VARIANTS:
            raise RequestError(f"{size:,} variants with {printable(text)}; at most {MAX_VARIANTS:,} are allowed")
    return tuple(axes)


def given_axes(specs: Sequence[NetworkSpec], given: Mapping[str, Any]) -> tuple[Axis, ...]:
    """Return axes from values of Python: a text as it is typed, one value, or several; floats by their digits."""
    axes: list[Axis] = []
    for name, values in given.items():
        if isinstance(values, str):
            axes += read_axes(specs, [f"{name}={values}"])
            continue
        for spec in specs:
            _check(spec, name)
        several = values if hasattr(values, "__iter__") and not isinstance(values, tuple) else [values]
        axes.append(Axis(name, tuple(plain(Fraction(str(v))) if isinstance(v, float) else v for v in several)))
    if (size := prod(len(axis.values) for axis in axes)) > MAX_VARIANTS:
        raise RequestError(f"{size:,} variants; at most {MAX_VARIANTS:,} are allowed")
    return tuple(axes)


def _check(spec: NetworkSpec, name: str) -> None:
    known = (*names_to_vary(spec), DTYPE, DEVICE)
    if name not in known:
        hint = did_you_mean(name, known) or f" (there are {', '.join(known)})"
        raise RequestError(f"{spec.name} has no argument '{printable(name[:60])}'{hint}")


def _values(specs: Sequence[NetworkSpec], name: str, text: str, listed: str) -> Iterator[Any]:
    argument = any(name in spec.family.arguments for spec in specs)
    for part in (each.strip() for each in listed.split(",")):
        if not part:
            raise RequestError(f"{printable(text)}: a value is missing between commas")
        range_of = re.fullmatch(_RANGE, part)
        if range_of is not None:
            yield from _range(text, part, *range_of.groups())
        elif ".." in part:
            raise RequestError(f"{printable(text)}: no range '{printable(part)}'; write FROM..TO or FROM..TO:STEP")
        else:
            yield _size(part) if name == "input" and not argument else _value(name, text, part)


def _range(text: str, part: str, first: str, last: str, step: str | None) -> Iterator[Any]:
    start, end, by = Fraction(first), Fraction(last), Fraction(step or 1)
    if by == 0 or (end - start) * by < 0:
        problem = "a step of 0" if by == 0 else f"from {first} no step of {step or 1} leads to {last}"
        raise RequestError(f"{printable(text)}: {problem}")
    count = int((end - start) / by) + 1
    if count > MAX_VARIANTS:
        raise RequestError(f"{printable(text)}: '{part}' has {count:,} values; at most {MAX_VARIANTS:,} are allowed")
    for number in range(count):
        yield plain(start + number * by)


def read_numbers(option: str, text: str) -> tuple[Any, ...]:
    """Read the numbers and ranges of an option: ``0..7``, ``0.5,1,2``; raise RequestError for anything else."""
    found: list[Any] = []
    for part in (each.strip() for each in text.split(",")):
        range_of, whole = re.fullmatch(_RANGE, part), f"{option} {text}"
        if range_of is not None:
            found += _range(whole, part, *range_of.groups())
        elif re.fullmatch(_NUMBER, part):
            found.append(plain(Fraction(part)))
        else:
            raise RequestError(f"{printable(whole)}: write numbers separated by commas, or FROM..TO or FROM..TO:STEP")
    return tuple(dict.fromkeys(found))


def plain(value: Fraction) -> Any:
    """Return a number as arguments have it: an int where it is whole."""
    return value.numerator if value.denominator == 1 else value


def _size(part: str) -> Any:
    """Return a size of the input: a number, or height and width, with channels or without."""
    size = input_size(part) or ()
    return size[0] if len(size) == 1 else size


def _value(name: str, text: str, part: str) -> Any:
    if name == DTYPE and part not in DTYPES:
        hint = did_you_mean(part, DTYPES) or f"; there are {', '.join(DTYPES)}"
        raise RequestError(f"{printable(text)}: no type '{printable(part)}'{hint}")
    try:
        return readers.literal(Scalar(part, True, 0, 0))
    except NodeError as error:
        raise RequestError(f"{printable(text)}: {error}") from None
