"""Claims about several networks, and figures of no network: what the specs themselves have no place for.

A claim is a formula over quantities of networks, held against what was printed::

    - claim: GoogLeNet has 12 times fewer parameters than AlexNet
      print: 12x
      from: {a: alexnet params, g: googlenet params}
      is: =a / g
      cite: cs231n-summary
      where: GoogLeNet

A claim in symbols is held for each of some numbers: ``for: {C: [1, 64]}``, which settings and inputs can use. A
measured quantity is the figure that the network's spec records from the same source.

A figure of no network (a data set, a network that nobody has described) is only recorded: ``{fact: 50 test crops,
cite: ...}``.
"""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.errors import RequestError, did_you_mean
from archcalc.language.formula import Formula, Scope, is_formula
from archcalc.operations.base import Shape
from archcalc.published.check import (
    AGREES,
    CUT,
    DIFFERS,
    MEASURED,
    MISPRINT,
    NO_NETWORK,
    SEVERAL_NETWORKS,
    UNEXPECTED,
    Finding,
    compute,
)
from archcalc.published.figures import OPTIONS, Figure, figures
from archcalc.published.quantities import QUANTITIES
from archcalc.published.sources import shared
from archcalc.text import readers
from archcalc.text.source import read_file
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence, read_tree
from archcalc.units import read_printed
from archcalc.zoo import find, folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archcalc.errors import Mistake
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.check import Reports

    Case = dict[str, int]
    """The numbers of ``for`` that a claim is held for."""

WORDS = ("claim", "print", "for", "from", "is", "cite", "where", "to", "k", "misprint", "note")
"""The words of a claim."""

APART = ("of", "cite", "where", "protocol", "note")
"""The words of a figure of no network, beside its quantities."""

_NO_SHAPE = Shape(0, 0, 0)
_numbers = readers.list_of(readers.whole(0))


class Term(NamedTuple):
    """A quantity of a network that a claim reckons with."""

    network: str
    figure: Figure


class Ledger:
    """The networks that claims speak of, each found and analysed once."""

    def __init__(self, specs: Iterable[NetworkSpec], reports: dict[str, Reports] | None) -> None:
        self.specs = {name: spec for spec in specs for name in (spec.name, *spec.aliases)}
        self.reports: dict[str, Reports] = {} if reports is None else reports

    def value(self, term: Term, case: Case) -> Any:
        """Return what a network has of a quantity, or what its spec records of a measured one."""
        if term.network not in self.specs:
            try:
                self.specs[term.network] = find(term.network)
            except RequestError as error:
                raise NodeError(term.figure.node, str(error)) from None
        spec, figure = self.specs[term.network], _filled(term.figure, case)
        if figure.measured:
            return _recorded(spec, figure)
        value = compute(spec, figure, self.reports.setdefault(spec.name, {}))
        if isinstance(value, tuple):
            raise NodeError(figure.node, f"{figure.quantity} is no single number")
        return value


def check_claims(specs: Iterable[NetworkSpec] = (), reports: dict[str, Reports] | None = None) -> list[Finding]:
    """Hold every claim of archcalc's own ledger; raise SpecError with every one that cannot be read.

    ``specs`` are networks that have been read already, and ``reports`` what is known of each; others are looked up by
    their names.
    """
    path = os.path.join(folder(), "_ledger.yaml")
    if not os.path.exists(path):
        return []
    source, ledger = read_file(path), Ledger(specs, reports)
    tree = read_tree(source)
    findings: list[Finding] = []
    mistakes: list[Mistake] = []
    for entry in tree.items if isinstance(tree, Sequence) else [tree]:
        try:
            findings += _findings(ledger, entry)
        except NodeError as wrong:
            mistakes.append(wrong.mistake)
    if mistakes:
        raise source.error(mistakes)
    return sorted(findings, key=lambda each: each.network == NO_NETWORK)


def _findings(ledger: Ledger, entry: Node) -> Iterator[Finding]:
    if not isinstance(entry, Mapping):
        raise NodeError(entry, f"{readers.shown(entry)}, where a claim is wanted")
    given = {key.value: value for key, value in zip(entry.keys, entry.values, strict=True)}
    cite = readers.text(given.get("cite", entry))
    if cite not in shared():
        raise NodeError(given["cite"], f"no source '{cite}'{did_you_mean(cite, shared())}")
    if "claim" in given:
        yield _claim(ledger, entry, given)
        return
    said = {word: readers.text(given[word]) for word in APART if word in given}
    at = (said.pop("of"),) if "of" in said else None
    for key, value in zip(entry.keys, entry.values, strict=True):
        if key.value in QUANTITIES:
            for each in value.items if isinstance(value, Sequence) else [value]:
                yield Finding(NO_NETWORK, Figure(each, key.value, readers.text(each), at=at, **said), MEASURED, None)  # type: ignore[arg-type]
        elif key.value not in APART:
            raise NodeError(key, f"a figure of no network has no '{key.value}'{did_you_mean(key.value, QUANTITIES)}")


def _claim(ledger: Ledger, entry: Mapping, given: dict[str, Node]) -> Finding:
    for key in entry.keys:
        if key.value not in WORDS:
            raise NodeError(key, f"a claim has no '{key.value}'{did_you_mean(key.value, WORDS)}")
    sources, node = given.get("from", Mapping([], [], entry.line, entry.column)), given.get("is")
    if not isinstance(sources, Mapping) or not isinstance(node, Scalar) or not is_formula(node):
        raise NodeError(entry, "a claim has from: {name: network quantity} and is: =formula")
    said = {word: readers.text(given[word]) for word in ("cite", "where", "misprint", "note") if word in given}
    terms = {key.value: _term(each, said["cite"]) for key, each in zip(sources.keys, sources.values, strict=True)}
    cases = _cases(given.get("for"))
    formula = Formula(node, {*terms, *cases[0]})
    computed = []
    for case in cases:
        values = {**case, **{name: ledger.value(term, case) for name, term in terms.items()}}
        computed.append(formula.evaluate(Scope(values, _NO_SHAPE)))
    printed = readers.text(given["print"]) if "print" in given else "holds"
    figure = Figure(entry, "claim", printed, at=(readers.text(given["claim"]),), **said)  # type: ignore[arg-type]
    agreements = [_agreement(figure, given, each) for each in computed]
    worst = min(agreements, key=("", "cut", "rounded").index)
    status = {"rounded": AGREES, "cut": CUT, "": DIFFERS}[worst]
    if figure.misprint:
        status = UNEXPECTED if worst else MISPRINT
    return Finding(SEVERAL_NETWORKS, figure, status, computed[agreements.index(worst)])


def _cases(node: Node | None) -> list[Case]:
    """Return every choice of numbers that a claim is held for: without ``for`` one, of none."""
    if node is None:
        return [{}]
    if not isinstance(node, Mapping):
        raise NodeError(node, f"{readers.shown(node)}, where {{name: [number, ...]}} is wanted")
    names = [key.value for key in node.keys]
    cases = [dict(zip(names, chosen, strict=True)) for chosen in product(*map(_numbers, node.values))]
    if not cases:
        raise NodeError(node, "no number to hold the claim for")
    return cases


def _agreement(figure: Figure, given: dict[str, Node], computed: Any) -> str:
    if computed.__class__ is bool:
        return "rounded" if computed else ""
    options = {word: OPTIONS[word][0](given[word]) for word in ("to", "k") if word in given}
    try:
        return read_printed(figure.printed, **options).agrees(computed)
    except ValueError as error:
        raise NodeError(figure.node, str(error)) from None


def _term(node: Node, cite: str) -> Term:
    """Read ``alexnet params``, ``alexnet conv1 params`` or {of: alexnet, quantity: params, at: conv1, set: ...}."""
    if isinstance(node, Scalar):
        network, *at, word = readers.text(node).split() if " " in node.value else ("", "")
        said: dict[str, Any] = {"at": tuple(at)} if at else {}
    elif isinstance(node, Mapping):
        given = {key.value: value for key, value in zip(node.keys, node.values, strict=True)}
        network, word = (readers.text(given.pop(each, node)) for each in ("of", "quantity"))
        unknown = [each for each in given if each not in OPTIONS]
        if unknown:
            raise NodeError(given[unknown[0]], f"a term has no '{unknown[0]}'{did_you_mean(unknown[0], OPTIONS)}")
        said = {"convention" if each == "count" else each: OPTIONS[each][0](value) for each, value in given.items()}
    else:
        raise NodeError(node, "a term is 'network quantity' or {of: network, quantity: ...}")
    if word not in QUANTITIES:
        raise NodeError(node, f"no quantity '{word}'{did_you_mean(word, QUANTITIES)}")
    return Term(network, Figure(node, word, "", **{"cite": cite, **said}))


def _filled(figure: Figure, case: Case) -> Figure:
    """Put the numbers of a case where settings or the input are formulas."""

    def filled(text: str) -> str:
        if text[:1] != "=":
            return text
        formula = Formula(Scalar(text, True, figure.node.line, figure.node.column), case)
        return str(formula.evaluate(Scope(case, _NO_SHAPE)))

    settings = {name: filled(text) for name, text in figure.set.items()}
    return figure._replace(set=settings, input=figure.input and filled(figure.input))


def _recorded(spec: NetworkSpec, figure: Figure) -> Any:
    """Return the one measured figure that a spec records with all that the term says of it."""
    asked = {word: getattr(figure, word) for word in ("at", "cite", "where", "set", "protocol")}
    found = {
        each.printed
        for each in figures(spec)
        if each.quantity == figure.quantity
        and all(getattr(each, word) == value for word, value in asked.items() if value)
    }
    if len(found) != 1:
        listed = f" ({', '.join(sorted(found))}); say more of it" if found else ""
        raise NodeError(
            figure.node, f"{len(found)} figures of {figure.quantity} in {spec.name} from {figure.cite}{listed}"
        )
    return read_printed(found.pop()).value
