"""What is alike: a part without the numbers in it, so that runs of parts can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.folding.parts import Ref, every, weight

if TYPE_CHECKING:
    from archcalc.exchange.folding.parts import Part

NUMBERS = frozenset(
    ("filters", "out_features", "kernel", "stride", "pad", "dilation", "groups", "channels", "start", "multiplier",
     "factor", "heads", "window", "units", "pieces", "neighbours", "scale")
)  # fmt: skip
"""Settings whose values may differ between copies of a block; in all others copies are alike."""

WINDOWED = frozenset(("conv", "depthwise_conv", "max_pool", "avg_pool"))
SETTINGS = {"stride": 1, "pad": 0, "kernel": 1, "dilation": 1, "groups": 1}
"""Settings that a copy may lack, and what they are then."""


class Skeletons:
    """Numbers skeletons: equal numbers are parts that are alike."""

    def __init__(self) -> None:
        self._known: dict[Any, int] = {}

    def number(self, part: Part) -> int:
        """Return the number of a part's skeleton, and of those inside it."""
        key: Any
        if part.pinned:
            key = ("pinned", id(part))
        elif part.kind == "merge":
            starts = tuple(_reads(branch.source) for branch in part.branches)
            key = (part.word, _fixed(part), starts, *self.branches(part))
        else:
            key = (part.kind, part.word, _fixed(part))
        part.skeleton = self._known.setdefault(key, len(self._known))
        return part.skeleton

    def numbered(self, part: Part) -> int:
        """Return the number of a part that stands behind another one: whether it reads that one is part of it."""
        number = self.number(part)
        return -number - 1 if _reads(part.source) else number

    def branches(self, part: Part) -> list[Any]:
        """Return the skeletons of branches; the skip of a residual may be there or not."""
        found = [(tuple(map(self.numbered, branch.parts)), bool(branch.when)) for branch in part.branches]
        return [found[0], "skip"] if is_residual(part) else found


def is_residual(part: Part) -> bool:
    """Whether a part adds a skip to a main branch: in normal form, main branch first."""
    if part.kind != "merge" or part.word != "add" or len(part.branches) != 2:
        return False
    return is_skip(part.branches[1].parts) and not any(_reads(branch.source) for branch in part.branches)


def _reads(source: int | str) -> bool:
    """Whether something is read by name, instead of what stands before."""
    return isinstance(source, str) or source >= 0


def is_skip(parts: list[Part]) -> bool:
    """Whether a branch may be the skip of a residual: nothing, or a projection of one or two plain items."""
    return len(parts) <= 2 and all(part.kind in ("op", "call") for part in parts)


def normal(part: Part) -> None:
    """Put the main branch of a residual first."""
    if part.kind != "merge" or part.word != "add" or len(part.branches) != 2 or part.pinned:
        return
    first, second = part.branches
    if _reads(first.source) or _reads(second.source) or any(inner.weights >= 0 for inner in every([part])):
        return  # those that share weights stay in their order
    if weight(first.parts) < weight(second.parts) and is_skip(first.parts):
        part.branches = [second, first]


def _fixed(part: Part) -> Any:
    """Return what copies have to have in common: settings that are no numbers, and whether pooling steps at all."""
    held = part.settings
    if part.kind == "call":
        return tuple(sorted(name for name, value in held.items() if isinstance(value, Ref)))
    fixed = [(name, str(value)) for name, value in held.items() if name not in NUMBERS or isinstance(value, str)]
    fixed += [(name, str(list(value))) for name, value in held.items() if isinstance(value, dict)]
    if part.word in ("max_pool", "avg_pool"):
        fixed.append(("own stride", str("stride" in held)))
    if "multiplier" in held or "window" in held:
        fixed += [(name, "there") for name in ("multiplier", "window") if name in held]
    return tuple(sorted(fixed, key=str))
