"""What a part is among others: the role of a convolution in its branch, the kind of a residual's skip, its width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archcalc.exchange.folding.parts import Block, Part


def role_of(parts: list[Part], place: int, branches: int) -> str:
    """Return what the width of a branch's convolution is called, as the tables of papers do: c3, r5, proj."""
    if branches < 3:
        return ""
    weighted = [part for part in parts if "filters" in part.settings]
    if parts[place] not in weighted:
        return ""
    kernel = weighted[-1].settings.get("kernel", 1)
    if parts[0].word in ("max_pool", "avg_pool"):
        return "proj"
    side = kernel if isinstance(kernel, int) else "x".join(map(str, kernel))
    return f"{'c' if parts[place] is weighted[-1] else 'r'}{side}"


def kind_of(copy: Part | None) -> str:
    """Return whether a residual's skip is a projection (P), the identity (I), or absent (A)."""
    if copy is None:
        return ""
    if copy.node < 0 and copy.branches[1].when:
        return "A"
    return "P" if copy.branches[1].parts else "I"


def width_of(parts: list[Part], blocks: dict[str, Block]) -> Any:
    """Return what gives the channels that a branch puts out, where one setting does."""
    for part in reversed(parts):
        for name in ("filters", "channels"):
            if name in part.settings:
                return part.settings[name]
        if part.kind == "merge" or part.word in ("concat", "channel_slice"):
            return None
        if part.kind == "call":
            body = blocks[part.word].body
            inner = width_of(body, blocks)
            if isinstance(inner, str):
                return part.settings.get(inner.removeprefix("="))
            return inner
    return None
