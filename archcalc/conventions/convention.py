"""Conventions: named, sourced rules that turn the quantities of a layer into its cost, its memory or its parameters.

The rules are data (conventions.yaml, or a file of the user's), in the formulas of the spec language.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from archcalc.conventions.context import ALONE, Context, contexts
from archcalc.conventions.reading import Entry, Remark, read_entries
from archcalc.conventions.rules import GroupedReport, Rules, grouped, runs_of, scope_of
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.text.source import Source, read_file

if TYPE_CHECKING:
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report
    from archcalc.language.formula import Scope


class Convention(NamedTuple):
    """A rule of counting: by operation, formulas of the cost, of the values in memory, of the parameters."""

    name: str
    title: str
    says: str
    source: str
    unit: str
    costs: Rules | None
    memories: Rules | None
    parameters: Rules | None
    remarks: tuple[Remark, ...] = ()
    """What it does not reproduce, each for some operations."""
    file: str = ""
    """The file that it was read from."""
    contexts: dict[int, Context] = {}  # noqa: RUF012 - never changed
    """The surroundings of the layers of the report that it is applied to, by position."""

    @property
    def has_cost(self) -> bool:
        """Whether it counts work in a way of its own."""
        return self.costs is not None

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it counts in a way of its own: work, memory, params."""
        rules = {"work": self.costs, "memory": self.memories, "params": self.parameters}
        return tuple(word for word, rule in rules.items() if rule is not None)

    def within(self, report: Report) -> Convention:
        """Return the convention for the layers of one report, whose surroundings its formulas can then see."""
        return self._replace(contexts=contexts(report))

    def remarks_on(self, report: Report) -> tuple[str, ...]:
        """Return what the convention does not reproduce, or only under a condition, of the network of a report."""
        present = {layer.op for layer in report.layers}
        return tuple(remark.text for remark in self.remarks if not present.isdisjoint(remark.operations))

    def scope(self, layer: Layer) -> Scope:
        """Return what the formulas see of a layer."""
        return scope_of(layer, self.contexts.get(layer.position, ALONE))

    def cost(self, layer: Layer) -> int:
        """Return the work of a layer, for the whole batch."""
        return layer.macs if self.costs is None else self.costs.value(layer, self.scope(layer)) * runs_of(layer)

    def memory_values(self, layer: Layer) -> int:
        """Return the values of a layer in memory, for the whole batch."""
        if self.memories is None:
            return layer.memory_values
        return self.memories.value(layer, self.scope(layer)) * runs_of(layer)

    def memory_bytes(self, layer: Layer) -> int:
        """Return the memory of a layer."""
        return layer.setup.bytes_of(self.memory_values(layer))

    def params(self, layer: Layer) -> int:
        """Return the parameters of a layer."""
        return layer.params if self.parameters is None else self.parameters.value(layer, self.scope(layer))

    def total_cost(self, of: Report | GroupedReport) -> int:
        """Return the work of a network."""
        return _report(of).macs if self.costs is None else self.costs.total(_grouped_report(of))

    def total_memory_values(self, of: Report | GroupedReport) -> int:
        """Return the values of a network in memory."""
        return _report(of).memory_values if self.memories is None else self.memories.total(_grouped_report(of))

    def total_params(self, of: Report | GroupedReport) -> int:
        """Return the parameters of a network."""
        rules = self.parameters
        if rules is None:
            return _report(of).params
        return sum(rules.value(group.layer, group.scope) * group.layers for group in _grouped_report(of).groups)


def _report(of: Report | GroupedReport) -> Report:
    return of.report if isinstance(of, GroupedReport) else of


def _grouped_report(of: Report | GroupedReport) -> GroupedReport:
    return of if isinstance(of, GroupedReport) else grouped(of)


def find(name: str) -> Convention:
    """Return archcalc's convention of a name; raise RequestError where there is none."""
    found = _known.get(name)
    if found is None:  # the formulas of all the others take longer to read than most networks take to show
        found = read_conventions(_own(), only=name).get(name)
    if found is None:
        return _named(name, conventions(), "")
    return _known.setdefault(name, found)


def resolve(name: str) -> Convention:
    """Return the convention that a user names: one of archcalc's, or one in a file (FILE.yaml, FILE.yaml:NAME)."""
    if not (name.endswith((".yaml", ".yml")) or ".yaml:" in name or ".yml:" in name):
        return find(name)
    path, _, chosen = (name, "", "") if name.endswith((".yaml", ".yml")) else name.rpartition(":")
    known = read_conventions(read_file(path))
    if not chosen and len(known) == 1:
        return next(iter(known.values()))
    if not chosen:
        raise RequestError(f"{printable(path)} holds several conventions ({', '.join(known)}): add :NAME to choose one")
    return _named(chosen, known, f"{printable(path)} has ")


def _named(name: str, known: dict[str, Convention], before: str) -> Convention:
    if name not in known:
        hint = did_you_mean(name, known)
        raise RequestError(f"{before}no convention '{printable(name[:100])}'{hint}; there are {', '.join(known)}")
    return known[name]


_known: dict[str, Convention] = {}
"""Conventions of archcalc's own that have been asked for by name."""

_every: dict[str, Convention] = {}


def conventions() -> dict[str, Convention]:
    """Return archcalc's conventions by name."""
    if not _every:
        _every.update({**read_conventions(_own()), **_known})
    _known.update(_every)
    return _every


def _own() -> Source:
    return read_file(os.path.join(os.path.dirname(os.path.abspath(__file__)), "conventions.yaml"))


def read_conventions(source: Source, only: str = "") -> dict[str, Convention]:
    """Read a file of conventions, or ``only`` one of them; raise SpecError where one is not right."""
    return {entry.name: _convention(source, entry) for entry in read_entries(source, only)}


def _convention(source: Source, entry: Entry) -> Convention:
    costs, memories, parameters = (
        None if rules is None else Rules(source, rules) for rules in (entry.cost, entry.memory, entry.params)
    )
    return Convention(
        entry.name, entry.title, entry.says, entry.source, entry.unit, costs, memories, parameters, entry.remarks,
        source.file,
    )  # fmt: skip
