"""Conventions: named, sourced rules that turn what a layer comes to into its cost, its memory or its parameters.

The rules are data (conventions.yaml, or a file of the user's), in the formulas of the spec language.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from archcalc.conventions.rules import NAMES, GroupedReport, Rules, grouped, runs_of
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.language.formula import Formula, is_formula
from archcalc.operations import OPERATIONS
from archcalc.text import readers
from archcalc.text.source import Source, read_file
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, read_tree

if TYPE_CHECKING:
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report

WORDS = ("title", "says", "source", "unit", "cost", "memory", "params")


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

    @property
    def has_cost(self) -> bool:
        """Whether it counts work in a way of its own."""
        return self.costs is not None

    @property
    def subjects(self) -> tuple[str, ...]:
        """What it counts in a way of its own: work, memory, params."""
        rules = {"work": self.costs, "memory": self.memories, "params": self.parameters}
        return tuple(word for word, rule in rules.items() if rule is not None)

    def cost(self, layer: Layer) -> int:
        """Return the work of a layer, for the whole batch."""
        return layer.macs if self.costs is None else self.costs.value(layer) * runs_of(layer)

    def memory_values(self, layer: Layer) -> int:
        """Return the values of a layer in memory, for the whole batch."""
        return layer.memory_values if self.memories is None else self.memories.value(layer) * runs_of(layer)

    def memory_bytes(self, layer: Layer) -> int:
        """Return the memory of a layer."""
        return layer.setup.bytes_of(self.memory_values(layer))

    def params(self, layer: Layer) -> int:
        """Return the parameters of a layer."""
        return layer.params if self.parameters is None else self.parameters.value(layer)

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
        return sum(rules.value(each.layer, each.scope) * each.layers for each in _grouped_report(of).groups)


def _report(of: Report | GroupedReport) -> Report:
    return of.report if isinstance(of, GroupedReport) else of


def _grouped_report(of: Report | GroupedReport) -> GroupedReport:
    return of if isinstance(of, GroupedReport) else grouped(of)


def find(name: str) -> Convention:
    """Return archcalc's convention of a name; raise RequestError where there is none."""
    return _chosen(name, conventions(), "")


def asked(name: str) -> Convention:
    """Return the convention that a user asks for: by name, or in a file (FILE.yaml, FILE.yaml:NAME)."""
    if not (name.endswith((".yaml", ".yml")) or ".yaml:" in name or ".yml:" in name):
        return find(name)
    path, _, chosen = (name, "", "") if name.endswith((".yaml", ".yml")) else name.rpartition(":")
    known = read_conventions(read_file(path))
    if not chosen and len(known) == 1:
        return next(iter(known.values()))
    if not chosen:
        raise RequestError(f"{printable(path)} holds several conventions ({', '.join(known)}): add :NAME to choose one")
    return _chosen(chosen, known, f"{printable(path)} has ")


def _chosen(name: str, known: dict[str, Convention], before: str) -> Convention:
    if name not in known:
        hint = did_you_mean(name, known)
        raise RequestError(f"{before}no convention '{printable(name[:100])}'{hint}; there are {', '.join(known)}")
    return known[name]


_known: dict[str, Convention] = {}


def conventions() -> dict[str, Convention]:
    """Return archcalc's conventions by name."""
    if not _known:
        here = os.path.dirname(os.path.abspath(__file__))
        _known.update(read_conventions(read_file(os.path.join(here, "conventions.yaml"))))
    return _known


def read_conventions(source: Source) -> dict[str, Convention]:
    """Read a file of conventions; raise SpecError where one is not right."""
    try:
        tree = read_tree(source)
        if not isinstance(tree, Mapping) or not tree.keys:
            raise NodeError(tree, "conventions are a mapping from name to rules")
        return {key.value: _read(source, key, value) for key, value in zip(tree.keys, tree.values, strict=True)}
    except NodeError as wrong:
        raise source.error([wrong.mistake]) from None


def _read(source: Source, key: Scalar, node: Node) -> Convention:
    if not isinstance(node, Mapping):
        raise NodeError(node, "a convention is a mapping with title, says, source, and cost, memory or params")
    given = {word.value: value for word, value in zip(node.keys, node.values, strict=True)}
    for word in node.keys:
        if word.value not in WORDS:
            raise NodeError(word, f"a convention has no '{word.value}'{did_you_mean(word.value, WORDS)}")
    for wanted in ("title", "says", "source"):
        if wanted not in given:
            raise NodeError(key, f"a convention wants '{wanted}'")
    title, says, where = (readers.text(given[word]) for word in ("title", "says", "source"))
    unit = readers.text(given["unit"]) if "unit" in given else "ops"
    rules = [_rules(source, given.get(word)) for word in ("cost", "memory", "params")]
    if not any(rules):
        raise NodeError(key, "a convention wants rules: cost, memory or params")
    return Convention(key.value, title, says, where, unit, *rules)


def _rules(source: Source, node: Node | None) -> Rules | None:
    if node is None:
        return None
    if not isinstance(node, Mapping) or node.get("default") is None:
        raise NodeError(node, "rules are a mapping from operation to formula, with a default")
    rules: dict[str, Formula | int] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        rule: Formula | int = Formula(value, NAMES) if is_formula(value) else readers.whole(0)(value)  # type: ignore[arg-type]
        for word in key.value.split():
            if word not in ("default", "input", *OPERATIONS):
                raise NodeError(key, f"no operation '{word}'{did_you_mean(word, OPERATIONS)}")
            if word in rules:
                raise NodeError(key, f"'{word}' has a rule already")
            rules[word] = rule
    return Rules(source, rules)
