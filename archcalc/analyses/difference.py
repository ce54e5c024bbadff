"""The difference of two networks: layer by layer, with what each change costs, and of the totals, exactly."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.alignment import Key, align
from archcalc.engine.layer import plain
from archcalc.engine.names import paths_to
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report

ADDED, REMOVED, CHANGED, MOVED, RESIZED, SAME = "added", "removed", "changed", "moved", "resized", "same"
STATUSES = (ADDED, REMOVED, CHANGED, MOVED, RESIZED)
"""What can become of a layer; ``resized``: it is the same on an input of another size."""


class Change(NamedTuple):
    """A layer in the first network and what it is in the second; None where one has no such layer."""

    status: str
    before: Layer | None
    after: Layer | None
    what: tuple[str, ...] = ()
    """What is different, each as ``filters 64 → 32``."""

    @property
    def layer(self) -> Layer:
        """The layer as it is afterwards, or as it was if it is gone."""
        layer = self.after or self.before
        assert layer is not None
        return layer

    @property
    def params(self) -> int:
        """Parameters more than before."""
        return self._more("params")

    @property
    def macs(self) -> int:
        """MACs more than before, for the whole batch."""
        return self._more("macs")

    @property
    def memory_bytes(self) -> int:
        """Activation memory more than before."""
        return self._more("memory_bytes")

    def _more(self, word: str) -> int:
        new = 0 if self.after is None else getattr(self.after, word)
        old = 0 if self.before is None else getattr(self.before, word)
        return int(new - old)


class Difference(Record):
    """Two reports, and every layer of both, in the order of the second with what is gone where it was."""

    before: Report
    after: Report
    every: tuple[Change, ...]

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The layers that are not what they were."""
        return tuple(change for change in self.every if change.status != SAME)

    @property
    def renamed(self) -> int:
        """How many layers have another name, which makes no difference."""
        pairs = ((change.before, change.after) for change in self.every)
        return sum(old is not None and new is not None and old.name != new.name for old, new in pairs)

    @property
    def same(self) -> bool:
        """Whether both are one network by other names, at most."""
        return not self.changes


def difference(before: Report, after: Report) -> Difference:
    """Compare two networks, layer by layer.

    Layers are matched by name and settings, then by name and kind, by name alone, and by settings alone. Once with the
    numbers of repetitions and unnamed blocks as they are, and once without, since those shift when a block is put in
    front; what keeps more layers as they were is right.
    """
    old, new = Named(before), Named(after)
    shifting = old.settings(), new.settings()
    keys = [
        Key(*shifting),
        Key(old.kinds(), new.kinds()),
        Key([layer.name for layer in old.layers], [layer.name for layer in new.layers]),
        Key([key[1:] for key in old.settings()], [key[1:] for key in new.settings()], share=0.5),
    ]
    exact = Key(old.settings(numbers=True), new.settings(numbers=True))
    ways = [align(len(old.layers), len(new.layers), each) for each in ([exact, *keys], keys)]
    pairs = dict(max(ways, key=lambda pairs: _kept(old, new, pairs)))
    return Difference(before, after, tuple(_ordered(old.layers, new.layers, pairs, _moved(*shifting, pairs))))


class Named:
    """The layers of a report, and their names without the numbers that shift when a layer comes or goes."""

    def __init__(self, report: Report) -> None:
        self.layers = report.layers
        self._numbered = {call.path for call in report.network.calls if call.numbered}

    def path(self, name: str, op: str = "", *, numbers: bool = False) -> str:
        """Return a name without the numbers of repetitions, and of layers and blocks to which a spec gives no name.

        With ``numbers``, only that of the layer itself is left out.
        """
        parts = []
        for path in paths_to(name):
            part = path.rpartition("/")[2]
            own = bool(op) and path == name and re.fullmatch(rf"{re.escape(op)}_[0-9]+", part)
            shifts = own or (not numbers and (path in self._numbered or part.isdecimal()))
            parts.append(re.sub("[0-9]+$", "#", part) if shifts else part)
        return "/".join(parts)

    def settings(self, *, numbers: bool = False) -> list[tuple[Hashable, ...]]:
        """Return the name and all that makes each layer what it is, beside its inputs."""
        return [
            (self.path(layer.name, layer.op, numbers=numbers), layer.op, _settings_of(layer)) for layer in self.layers
        ]

    def kinds(self) -> list[tuple[Hashable, ...]]:
        """Return the name and the operation of each layer."""
        return [(self.path(layer.name, layer.op), layer.op) for layer in self.layers]


def _kept(old: Named, new: Named, pairs: Iterable[tuple[int, int]]) -> tuple[int, int, int]:
    """Count the layers that stay what they are, those of them on inputs of the same size, and names that stay."""
    layers = [(old.layers[here], new.layers[there]) for here, there in pairs]
    same = [each for each in layers if each[0].op == each[1].op and _settings_of(each[0]) == _settings_of(each[1])]
    return (
        len(same),
        sum(before.inputs == after.inputs for before, after in same),
        sum(before.name == after.name for before, after in layers),
    )


def _settings_of(layer: Layer) -> tuple[tuple[str, Any], ...]:
    """Return all that makes a layer what it is, beside its inputs."""
    about = {"times": layer.times, "survival": layer.survival, "shared": layer.shares_weights}
    return tuple((name, _fixed(value)) for name, value in {**vars(layer.operation), **about}.items())


def _fixed(value: Any) -> Any:
    """Return a value that can be a key."""
    if isinstance(value, dict):
        return tuple((key, _fixed(each)) for key, each in value.items())
    return tuple(map(_fixed, value)) if isinstance(value, list | tuple) else value


def _moved(old: Sequence[Hashable], new: Sequence[Hashable], pairs: dict[int, int]) -> dict[int, int]:
    """Match what is left by name and settings, whatever the order."""
    matched = set(pairs.values())
    places: dict[Hashable, list[int]] = {}
    for place in reversed(range(len(new))):
        if place not in matched:
            places.setdefault(new[place], []).append(place)
    left = [place for place in range(len(old)) if place not in pairs]
    return {place: places[old[place]].pop() for place in left if places.get(old[place])}


def _ordered(
    old: tuple[Layer, ...], new: tuple[Layer, ...], pairs: dict[int, int], moved: dict[int, int]
) -> Iterable[Change]:
    """Yield every layer once, in the order of the second network; what is gone stands where it was."""
    to = {old[here].position: new[there].position for here, there in {**pairs, **moved}.items()}
    back = {there: here for here, there in pairs.items()}
    came = {there: here for here, there in moved.items()}
    here_again = set(to.values())
    at = 0
    for place, layer in enumerate(new):
        if place in back:
            yield from _gone(old[at : back[place]], at, moved)
            at = back[place] + 1
            yield _compared(old[back[place]], layer, to, here_again)
        elif place in came:
            found = _compared(old[came[place]], layer, to, here_again)
            yield found._replace(status=MOVED, what=("moved", *found.what))
        else:
            yield Change(ADDED, None, layer)
    yield from _gone(old[at:], at, moved)


def _gone(layers: tuple[Layer, ...], start: int, moved: dict[int, int]) -> Iterable[Change]:
    return (Change(REMOVED, layer, None) for place, layer in enumerate(layers, start) if place not in moved)


def _compared(old: Layer, new: Layer, to: dict[int, int], here_again: set[int]) -> Change:
    """Say what is different of a layer; ``to`` has the new positions of old layers, which are ``here_again``."""
    what = [] if old.op == new.op else [f"{old.op} → {new.op}"]
    before, after = dict(_settings_of(old)), dict(_settings_of(new))
    what += [
        f"{name} {_shown(before.get(name))} → {_shown(after.get(name))}"
        for name in {**before, **after}
        if before.get(name) != after.get(name) and (old.op == new.op or (name in before and name in after))
    ]
    sources = [
        each for each in zip(old.node.sources, new.node.sources, strict=False)
        if each != (old.position - 1, new.position - 1)  # in a chain, what comes and goes before it says enough
    ]  # fmt: skip
    rewired = any(source in to and now in here_again and to[source] != now for source, now in sources)
    if len(old.node.sources) != len(new.node.sources):
        what.append(f"{len(old.node.sources)} → {len(new.node.sources)} inputs")
    elif rewired:
        what.append("reads another layer")
    status = CHANGED if what else SAME
    if old.inputs != new.inputs or old.output != new.output:
        status = status if what else RESIZED
        what.append(_flow(old, new))
    return Change(status, old, new, tuple(what))


def _flow(old: Layer, new: Layer) -> str:
    """Say which sizes are others: what flows in, or what flows out where that alone is another."""
    if old.inputs != new.inputs and old.inputs and new.inputs:
        return f"input {' and '.join(map(str, old.inputs))} → {' and '.join(map(str, new.inputs))}"
    return f"output {old.output} → {new.output}"


def _shown(value: Any) -> str:
    """Write the value of a setting."""
    known = plain(value)
    if isinstance(known, list) and len({str(each) for each in known}) == 1:
        known = known[0]
    if isinstance(known, list):
        return " x ".join(map(str, known))
    if known is None or isinstance(known, bool):
        return {None: "none", True: "true", False: "false"}[known]
    return str(known)
