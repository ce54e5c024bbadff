"""Formulas by which the values of one setting follow from those of another, copy by copy."""

from __future__ import annotations

from typing import Any

Values = list[Any]
"""A setting's value in each copy; None where a copy lacks the branch that it stands in."""

WIDTHS = frozenset(("filters", "out_features", "groups", "channels", "start"))
MOST = 16
"""The largest factor of a formula."""


def equal(values: Values, own: Values) -> bool:
    """Whether an argument has these values wherever a copy has one."""
    return all(value is None or value == each for value, each in zip(values, own, strict=True))


def factor(values: Values, own: Values, name: str) -> str | None:
    """Return the formula by which an argument gives all values: so many times it, or so small a part."""
    pairs = [(value, each) for value, each in zip(values, own, strict=True) if value is not None]
    if not all(isinstance(each, int) and each > 0 for _, each in pairs):
        return None
    for times in range(2, MOST + 1):
        if all(value == times * each for value, each in pairs):
            return f"={times}*{name}"
        if all(value * times == each for value, each in pairs):
            return f"={name} // {times}"
    return None


def is_width(name: str) -> bool:
    """Whether an argument is a number of channels."""
    bare = name.rstrip("_0123456789")
    return bare in ("filters", "features", "channels", "width", "groups", "c", "r", "proj") or (
        name[:1] in "cr" and name[1:2].isdigit()
    )


def fits(kind: str, name: str) -> bool:
    """Whether an argument may stand for a setting: widths for widths, steps for steps."""
    if is_width(kind) or kind in WIDTHS:
        return is_width(name)
    return name.startswith(kind)
