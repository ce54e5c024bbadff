"""Claims about several networks, and figures of no network: what the specs themselves have no place for.

A claim is a formula of quantities of networks, checked against what was printed::

    - claim: GoogLeNet has 12 times fewer parameters than AlexNet
      print: 12x
      from: {a: alexnet params, g: googlenet params}
      is: =a / g
      cite: cs231n-summary
      where: GoogLeNet

A claim in symbols is checked for each of some numbers: ``for: {C: [1, 64]}``, which settings and inputs can use. A
measured quantity is the figure that the network's spec records from the same source. ``under: {from: , is: }`` gives
the printed figure where the claim's own formula does not.

A figure of no network (a data set, a network that nobody has described) is only recorded: ``{remark: 50 test crops,
cite: ...}``.
"""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.errors import RequestError, did_you_mean
from archcalc.language.formula import Formula, Scope, is_formula
from archcalc.operations.base import Shape
from archcalc.published.check import Checker
from archcalc.published.figure import OPTIONS, REMARK, Figure, Reading, check_options, field
from archcalc.published.figures import REMARKS, figures
from archcalc.published.quantities import QUANTITIES
from archcalc.published.reports import Reports
from archcalc.published.sources import shared
from archcalc.published.verdicts import MEASURED, NO_NETWORK, REMARKED, SEVERAL_NETWORKS, Finding, verdict
from archcalc.text import readers
from archcalc.text.source import read_file
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, Sequence, read_tree
from archcalc.units import read_printed
from archcalc.zoo import find, folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archcalc.errors import Mistake
    from archcalc.language.networks import NetworkSpec
    from archcalc.text.source import Source

    Case = dict[str, int]
    """The numbers of ``for`` that a claim is checked for."""

FILE = "_claims.yaml"

_VERDICTS = ("under", "other", "unexplained", "misprint", "note")
WORDS = ("claim", "print", "for", "from", "is", "cite", "where", "to", "k", *_VERDICTS)
"""The words of a claim."""

APART = ("of", "cite", "where", "protocol", "note")
"""The words of a figure of no network, beside its quantities."""

_NO_SHAPE = Shape(0, 0, 0)
_numbers = readers.list_of(readers.whole(0))


class Term(NamedTuple):
    """A quantity of a network that the formula of a claim uses."""

    network: str
    figure: Figure


class Terms:
    """Looks up what the formulas of claims use, of networks that are found once."""

    def __init__(self, specs: Iterable[NetworkSpec], reports: Reports) -> None:
        self.specs = {name: spec for spec in specs for name in (spec.name, *spec.aliases)}
        self.checker = Checker(reports)

    def value(self, term: Term, case: Case) -> Any:
        """Return a quantity of a network, or the figure that its spec records of a measured one."""
        if term.network not in self.specs:
            try:
                self.specs[term.network] = find(term.network)
            except RequestError as error:
                raise NodeError(term.figure.node, str(error)) from None
        spec, figure = self.specs[term.network], _filled(term.figure, case)
        if figure.measured:
            return _recorded(spec, figure)
        value = self.checker.value(spec, figure)
        if isinstance(value, tuple):
            raise NodeError(figure.node, f"{figure.quantity} is not a single number")
        return value


def check_claims(specs: Iterable[NetworkSpec] = (), reports: Reports | None = None) -> list[Finding]:
    """Check every one of archcalc's own claims; raise SpecError with all that cannot be read.

    ``specs`` are networks that have been read already; others are looked up by their names. Reports are taken from
    ``reports`` and left there.
    """
    source = claims_source()
    if source is None:
        return []
    terms = Terms(specs, Reports() if reports is None else reports)
    tree = read_tree(source)
    findings: list[Finding] = []
    mistakes: list[Mistake] = []
    for entry in tree.items if isinstance(tree, Sequence) else [tree]:
        try:
            findings += _findings(terms, entry)
        except NodeError as error:
            mistakes.append(error.mistake)
    if mistakes:
        raise source.error(mistakes)
    return sorted(findings, key=lambda finding: finding.network == NO_NETWORK)


def claims_source() -> Source | None:
    """Return the file of archcalc's own claims, or None where there is none."""
    path = os.path.join(folder(), FILE)
    return read_file(path) if os.path.exists(path) else None


def _findings(terms: Terms, entry: Node) -> Iterator[Finding]:
    if not isinstance(entry, Mapping):
        raise NodeError(entry, f"expected a claim, got {readers.shown(entry)}")
    given = {key.value: value for key, value in zip(entry.keys, entry.values, strict=True)}
    cite = readers.text(given.get("cite", entry))
    if cite not in shared():
        raise NodeError(given["cite"], f"no source '{cite}'{did_you_mean(cite, shared())}")
    if "claim" in given:
        yield _claim(terms, entry, given)
        return
    words: dict[str, Any] = {word: readers.text(given[word]) for word in APART if word in given}
    words["at"] = (words.pop("of"),) if "of" in words else None
    for key, value in zip(entry.keys, entry.values, strict=True):
        if key.value in (*QUANTITIES, *REMARKS):
            quantity, status = (REMARK, REMARKED) if key.value in REMARKS else (key.value, MEASURED)
            for node in value.items if isinstance(value, Sequence) else [value]:
                yield Finding(NO_NETWORK, Figure(node, quantity, readers.text(node), **words), status, None)
        elif key.value not in APART:
            raise NodeError(key, f"a figure of no network has no '{key.value}'{did_you_mean(key.value, QUANTITIES)}")


def _claim(terms: Terms, entry: Mapping, given: dict[str, Node]) -> Finding:
    _known_words(entry, "a claim", WORDS)
    texts: dict[str, Any] = {
        word: readers.text(given[word])
        for word in ("cite", "where", "other", "unexplained", "misprint", "note")
        if word in given
    }
    printed = readers.text(given["print"]) if "print" in given else "holds"
    figure = Figure(entry, "claim", printed, at=(readers.text(given["claim"]),), **texts)
    check_options(figure)
    cases = _cases(given.get("for"))
    sides = [_Side(terms, given, figure.cite, entry, cases)]
    under = given.get("under")
    if under is not None:
        if not isinstance(under, Mapping):
            raise NodeError(under, f"expected {{from: , is: }}, got {readers.shown(under)}")
        _known_words(under, "what explains a claim", ("from", "is"))
        own = {key.value: value for key, value in zip(under.keys, under.values, strict=True)}
        sides.append(_Side(terms, own, figure.cite, under, cases))
    results = [side.worst(figure, given) for side in sides]
    (plain, computed), (how, explained) = results[0], results[1] if under is not None else (None, None)
    status, cut = verdict(figure, plain, how)
    if under is not None:
        figure = figure._replace(under=Reading(under, {"formula": sides[1].formula}))
    return Finding(SEVERAL_NETWORKS, figure, status, computed, explained, cut)


class _Side:
    """A formula of a claim, and the quantities that it uses."""

    def __init__(self, terms: Terms, given: dict[str, Node], cite: str, entry: Mapping, cases: list[Case]) -> None:
        sources, node = given.get("from", Mapping([], [], entry.line, entry.column)), given.get("is")
        if not isinstance(sources, Mapping) or not isinstance(node, Scalar) or not is_formula(node):
            raise NodeError(entry, "a claim has from: {name: network quantity} and is: =formula")
        self.terms = terms
        self.names = {key.value: _term(value, cite) for key, value in zip(sources.keys, sources.values, strict=True)}
        self.formula = Formula(node, {*self.names, *cases[0]})
        self.cases = cases

    def worst(self, figure: Figure, given: dict[str, Node]) -> tuple[str, Any]:
        """Return how the figure agrees in the case where it agrees least, and the value of the formula there."""
        computed = []
        for case in self.cases:
            values = {**case, **{name: self.terms.value(term, case) for name, term in self.names.items()}}
            computed.append(self.formula.evaluate(Scope(values, _NO_SHAPE)))
        agreements = [_agreement(figure, given, value) for value in computed]
        worst = min(agreements, key=("", "about", "cut", "rounded").index)
        return worst, computed[agreements.index(worst)]


def _known_words(entry: Mapping, what: str, words: tuple[str, ...]) -> None:
    for key in entry.keys:
        if key.value not in words:
            raise NodeError(key, f"{what} has no '{key.value}'{did_you_mean(key.value, words)}")


def _cases(node: Node | None) -> list[Case]:
    """Return every choice of numbers that a claim is checked for: without ``for`` one, of none."""
    if node is None:
        return [{}]
    if not isinstance(node, Mapping):
        raise NodeError(node, f"expected {{name: [number, ...]}}, got {readers.shown(node)}")
    names = [key.value for key in node.keys]
    cases = [dict(zip(names, numbers, strict=True)) for numbers in product(*map(_numbers, node.values))]
    if not cases:
        raise NodeError(node, "no number to check in the claim")
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
        options: dict[str, Any] = {"at": tuple(at)} if at else {}
    elif isinstance(node, Mapping):
        given = {key.value: value for key, value in zip(node.keys, node.values, strict=True)}
        network, word = (readers.text(given.pop(name, node)) for name in ("of", "quantity"))
        unknown = [name for name in given if name not in OPTIONS]
        if unknown:
            raise NodeError(given[unknown[0]], f"a term has no '{unknown[0]}'{did_you_mean(unknown[0], OPTIONS)}")
        options = {field(name): OPTIONS[name][0](value) for name, value in given.items()}
    else:
        raise NodeError(node, "a term is 'network quantity' or {of: network, quantity: ...}")
    if word not in QUANTITIES:
        raise NodeError(node, f"no quantity '{word}'{did_you_mean(word, QUANTITIES)}")
    return Term(network, Figure(node, word, "", **{"cite": cite, **options}))


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
    """Return the one measured figure of a spec that matches all options of the term."""
    asked = {word: getattr(figure, word) for word in ("at", "cite", "where", "set", "protocol")}
    found = {
        other.printed
        for other in figures(spec)
        if other.quantity == figure.quantity
        and all(getattr(other, word) == value for word, value in asked.items() if value)
    }
    if len(found) != 1:
        listed = f" ({', '.join(sorted(found))}); add more options" if found else ""
        raise NodeError(
            figure.node, f"{len(found)} figures of {figure.quantity} in {spec.name} from {figure.cite}{listed}"
        )
    return read_printed(found.pop()).value
