"""Settings as a spec writes them: the shortest form, defaults left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.exchange.sizes import Pairs


def numbers(found: Sequence[int], sequence: bool) -> int | list[int]:
    """Write one number for each axis, one alone where they are equal; places of a sequence have one axis."""
    if len(found) == 1:
        return found[0] if sequence else [found[0], 1]
    return found[0] if found[0] == found[1] else list(found)


def steps(found: Sequence[int], sequence: bool) -> int | list[int] | None:
    """Write strides or dilations; nothing where all are one."""
    return None if all(each == 1 for each in found) else numbers(found, sequence)


def padding(pads: Pairs | str, sequence: bool) -> int | str | list[int] | dict[str, int] | None:
    """Write padding; nothing where there is none."""
    if isinstance(pads, str):
        return pads
    if not any(map(any, pads)):
        return None
    if all(front == behind for front, behind in pads):
        if len(pads) == 1:
            return pads[0][0] if sequence else [pads[0][0], 0]
        return numbers([front for front, _ in pads], sequence)
    (top, bottom), (left, right) = pads if len(pads) == 2 else (pads[0], (0, 0))
    return {"top": top, "bottom": bottom, "left": left, "right": right}


def given(**settings: Any) -> dict[str, Any]:
    """Return the settings that are not None."""
    return {word: value for word, value in settings.items() if value is not None}
