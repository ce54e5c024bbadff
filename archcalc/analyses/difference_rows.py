"""The rows that a difference is shown in: whole composites as one, and what happens alike in repetitions together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.difference import ADDED, CHANGED, MOVED, REMOVED, RESIZED, Named
from archcalc.engine.names import paths_to

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from archcalc.analyses.difference import Change, Difference
    from archcalc.engine.layer import Layer


class DifferenceRow(NamedTuple):
    """Changes that are shown as one: of a layer or composite, or of several alike."""

    status: str
    names: tuple[str, ...]
    """The layers or composites, each once."""
    changes: tuple[Change, ...]
    what: str

    @property
    def label(self) -> str:
        """The first and the last name, that without what both are in."""
        first, last = self.names[0], self.names[-1]
        if first == last:
            return first
        above, _, own = last.rpartition("/")
        return f"{first} … {own if first.rpartition('/')[0] == above else last}"

    @property
    def params(self) -> int:
        """Parameters more than before."""
        return sum(change.params for change in self.changes)

    @property
    def macs(self) -> int:
        """MACs more than before."""
        return sum(change.macs for change in self.changes)

    @property
    def memory_bytes(self) -> int:
        """Activation memory more than before."""
        return sum(change.memory_bytes for change in self.changes)

    @property
    def costs(self) -> bool:
        """Whether it makes a difference to a total."""
        return bool(self.params or self.macs or self.memory_bytes)


def rows(difference: Difference) -> list[DifferenceRow]:
    """Return all changes, each in one row."""
    whole = {
        ADDED: _whole(difference.after.layers, difference.changes, ADDED),
        REMOVED: _whole(difference.before.layers, difference.changes, REMOVED),
    }
    before, after = Named(difference.before), Named(difference.after)
    groups: dict[Hashable, list[tuple[str, Change]]] = {}
    for change in difference.changes:
        name = whole.get(change.status, {}).get(change.layer.name, change.layer.name)
        alike = change.what if change.status in (CHANGED, MOVED) else ()
        named = before if change.after is None else after
        path = named.path(name, change.layer.op if name == change.layer.name else "")
        groups.setdefault((change.status, path, alike), []).append((name, change))
    return [_row(changes) for changes in groups.values()]


def hidden(row: DifferenceRow) -> bool:
    """Whether a row only says that a layer sees another size, at no cost."""
    return row.status == RESIZED and not row.costs


def _whole(layers: Iterable[Layer], changes: Iterable[Change], status: str) -> dict[str, str]:
    """Return the outermost composite, or layer, all of whose layers have a status, for each layer that has it."""
    left: dict[str, int] = {}
    for layer in layers:
        for path in paths_to(layer.name):
            left[path] = left.get(path, 0) + 1
    changed = [change.layer.name for change in changes if change.status == status]
    for name in changed:
        for path in paths_to(name):
            left[path] -= 1
    return {name: next(path for path in paths_to(name) if not left[path]) for name in changed}


def _row(named: list[tuple[str, Change]]) -> DifferenceRow:
    changes = tuple(change for _, change in named)
    names = tuple(dict.fromkeys(name for name, _ in named))
    status = changes[0].status
    what = ", ".join(changes[0].what)
    if status in (ADDED, REMOVED):
        first = [change.layer for name, change in named if name == names[0]]
        what = _described(first)
    return DifferenceRow(status, names, changes, f"{what}{f' ({len(names):,} times)' if len(names) > 1 else ''}")


def _described(layers: list[Layer]) -> str:
    """Say what some layers are: their operations, and what they make of what."""
    words = " ".join(dict.fromkeys(layer.op for layer in layers))
    flow = " and ".join(map(str, layers[0].inputs))
    return f"{words}, {flow} → {layers[-1].output}" if flow else f"{words}, {layers[-1].output}"
