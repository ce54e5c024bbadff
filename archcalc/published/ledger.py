"""Claims about several networks, and figures of no network: what the specs themselves have no place for.

A claim is a formula over quantities of networks, held against what was printed::

    - claim: GoogLeNet has 12 times fewer parameters than AlexNet
      print: 12x
      from: {a: alexnet params, g: googlenet params}
      is: =a / g
      cite: cs231n-summary
      where: GoogLeNet

A figure of no network (a learning rate, a data set) is only recorded: ``{chosen: momentum 0.9, cite: ...}``.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.errors import RequestError, did_you_mean
from archcalc.operations.base import Shape
from archcalc.published.check import AGREES, CUT, DIFFERS, MEASURED, MISPRINT, NEWS, Finding, compute
from archcalc.published.figures import OPTIONS, Figure
from archcalc.published.quantities import QUANTITIES
from archcalc.published.sources import shared
from archcalc.spec import readers
from archcalc.spec.formula import Formula, Scope, is_formula
from archcalc.spec.source import Source, read_file
from archcalc.spec.tree import Mapping, Node, Scalar, Sequence, Wrong, read_tree
from archcalc.units import read_printed
from archcalc.zoo import find, folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.report import Report
    from archcalc.spec.member import Spec

WORDS = ("claim", "print", "from", "is", "cite", "where", "to", "k", "misprint", "note")
"""The words of a claim."""


class Term(NamedTuple):
    """A quantity of a network that a claim reckons with."""

    network: str
    figure: Figure


class Ledger:
    """The networks that claims speak of, each found and analysed once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.specs: dict[str, Spec] = {}
        self.reports: dict[str, dict[tuple[Any, ...], Report]] = {}

    def value(self, term: Term) -> Any:
        """Return what a network has of a quantity."""
        if term.network not in self.specs:
            try:
                self.specs[term.network] = find(term.network)
            except RequestError as error:
                raise Wrong(term.figure.node, str(error)) from None
        reports = self.reports.setdefault(term.network, {})
        value = compute(self.specs[term.network], term.figure, reports)
        if isinstance(value, tuple):
            raise Wrong(term.figure.node, f"{term.figure.quantity} is no single number")
        return value


def check_ledger() -> list[Finding]:
    """Hold every claim of archcalc's own ledger against the networks; raise SpecError where one cannot be read."""
    path = os.path.join(folder(), "_ledger.yaml")  # noqa: PTH118
    if not os.path.exists(path):  # noqa: PTH110
        return []
    source = read_file(path)
    try:
        tree = read_tree(source)
        ledger = Ledger(source)
        if not isinstance(tree, Sequence):
            raise Wrong(tree, "a ledger is a list of claims")
        return [finding for entry in tree.items for finding in _findings(ledger, entry)]
    except Wrong as wrong:
        raise source.error([wrong.mistake]) from None


def _findings(ledger: Ledger, entry: Node) -> Iterator[Finding]:
    if not isinstance(entry, Mapping):
        raise Wrong(entry, f"{readers.shown(entry)}, where a claim is wanted")
    given = {key.value: value for key, value in zip(entry.keys, entry.values, strict=True)}
    cite = readers.text(given.get("cite", entry))
    if cite not in shared():
        raise Wrong(given["cite"], f"no source '{cite}'{did_you_mean(cite, shared())}")
    if "claim" in given:
        yield _claim(ledger, entry, given)
        return
    for word, value in given.items():
        if word in QUANTITIES and QUANTITIES[word].kind == "measured":
            for each in value.items if isinstance(value, Sequence) else [value]:
                where = readers.text(given["where"]) if "where" in given else ""
                yield Finding("no network", Figure(each, word, readers.text(each), cite, where), MEASURED, None)
        elif word not in ("cite", "where"):
            raise Wrong(value, f"a figure of no network has no '{word}'{did_you_mean(word, QUANTITIES)}")


def _claim(ledger: Ledger, entry: Mapping, given: dict[str, Node]) -> Finding:
    for key in entry.keys:
        if key.value not in WORDS:
            raise Wrong(key, f"a claim has no '{key.value}'{did_you_mean(key.value, WORDS)}")
    terms = given.get("from", Mapping([], [], entry.line, entry.column))
    formula = given.get("is")
    if not isinstance(terms, Mapping) or not isinstance(formula, Scalar) or not is_formula(formula):
        raise Wrong(entry, "a claim has from: {name: network quantity} and is: =formula")
    values = {key.value: ledger.value(_term(node)) for key, node in zip(terms.keys, terms.values, strict=True)}
    computed = Formula(formula, values).evaluate(Scope(values, Shape(0, 0, 0)))
    said = {word: readers.text(given[word]) for word in ("cite", "where", "misprint", "note") if word in given}
    printed = readers.text(given["print"]) if "print" in given else "true"
    figure = Figure(entry, "claim", printed, at=(readers.text(given["claim"]),), **said)  # type: ignore[arg-type]
    return Finding("several networks", figure, _status(figure, given, computed), computed)


def _status(figure: Figure, given: dict[str, Node], computed: Any) -> str:
    if computed.__class__ is bool:
        agreement = "rounded" if computed else ""
    else:
        options = {word: OPTIONS[word][0](given[word]) for word in ("to", "k") if word in given}
        try:
            agreement = read_printed(figure.printed, **options).agrees(computed)
        except ValueError as error:
            raise Wrong(figure.node, str(error)) from None
    if figure.misprint:
        return NEWS if agreement else MISPRINT
    return {"rounded": AGREES, "cut": CUT, "": DIFFERS}[agreement]


def _term(node: Node) -> Term:
    """Read ``alexnet params``, ``alexnet conv1 params`` or {of: alexnet, quantity: params, at: conv1, set: ...}."""
    if isinstance(node, Scalar):
        network, *at, word = readers.text(node).split() if " " in node.value else ("", "")
        said: dict[str, Any] = {"at": tuple(at)} if at else {}
    elif isinstance(node, Mapping):
        given = {key.value: value for key, value in zip(node.keys, node.values, strict=True)}
        network, word = (readers.text(given.pop(each, node)) for each in ("of", "quantity"))
        unknown = [each for each in given if each not in OPTIONS]
        if unknown:
            raise Wrong(given[unknown[0]], f"a term has no '{unknown[0]}'{did_you_mean(unknown[0], OPTIONS)}")
        said = {"convention" if each == "count" else each: OPTIONS[each][0](value) for each, value in given.items()}
    else:
        raise Wrong(node, "a term is 'network quantity' or {of: network, quantity: ...}")
    if word not in QUANTITIES or QUANTITIES[word].compute is None:
        raise Wrong(node, f"no quantity '{word}'{did_you_mean(word, QUANTITIES)}")
    return Term(network, Figure(node, word, "", "", **said))
