"""What boxes and groups are called: the names that a spec gives, and the blocks that they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from archcalc.draw.metrics import clipped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.engine.network import Call, Network


MOST_KINDS = 2
"""Kinds of blocks that are named as what a composite consists of, at most."""


class Words(NamedTuple):
    """A name in bold, and what follows it."""

    bold: str
    plain: str


class Naming:
    """The names of a network's parts."""

    def __init__(self, network: Network) -> None:
        self.calls = {call.path: call for call in network.calls}
        self.inside: dict[str, list[Call]] = {}
        """The calls right inside each part."""
        for call in network.calls:
            self.inside.setdefault(call.path.rpartition("/")[0], []).append(call)

    def is_numbered(self, path: str, op: str = "") -> bool:
        """Whether a name is a number of its own: of a repetition, or because the spec gives none."""
        own = path.rpartition("/")[2]
        call = self.calls.get(path)
        if own.isdigit():
            return True
        return call.numbered if call is not None else re.fullmatch(rf"{re.escape(op)}_\d+", own) is not None

    def block(self, path: str) -> str:
        """Return the block that a part is, or nothing."""
        call = self.calls.get(path)
        return call.block if call is not None else ""

    def words(self, path: str, *, alike: bool = False, name: str = "") -> Words:
        """Return what a composite is called: conv2_x stage, bottleneck, dense_layer 3; several alike have no number.

        ``name`` is that of the repetition which it is all of: stage1 block, not block 1.
        """
        own, block = clipped(name or path.rpartition("/")[2]), clipped(self.block(path))
        if own.isdigit() and block:
            return Words(block, "" if alike else own)
        if block and not name and self.is_numbered(path):
            return Words(block, "")
        return Words(own, "" if own.rstrip("0123456789").rstrip("_") == block else block)

    def contents(self, path: str, layers: Iterable[str]) -> str:
        """Return the blocks that a composite consists of, where they are all there is: 3 × bottleneck."""
        calls = self.inside.get(path, [])
        starts = tuple(f"{call.path}/" for call in calls)
        inside = (name for name in layers if name.startswith(f"{path}/"))
        blocks = [call.block for call in calls]
        kinds = list(dict.fromkeys(blocks))
        if not 0 < len(kinds) <= MOST_KINDS or not all(name.startswith(starts) for name in inside):
            return ""
        counted = [(blocks.count(block), clipped(block)) for block in kinds]
        return ", ".join(f"{count} × {block}" if count > 1 else block for count, block in counted)
