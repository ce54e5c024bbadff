"""A count as a sum of named terms: what a convention adds to the plain count, and what another network changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.conventions.rules import GroupedReport, grouped
from archcalc.errors import ArchcalcError
from archcalc.language.formula import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.analyses.why.candidates import Candidate
    from archcalc.conventions.convention import Convention
    from archcalc.conventions.rules import LayerGroup
    from archcalc.engine.report import Report

WORK, PARAMS, MEMORY, VALUES, MODEL = "work", "params", "memory", "stored values", "model size"
"""What can be counted: work, parameters, activation memory in bytes and in values, size of the parameters in bytes."""

MACS, BIASES, DOUBLING, OTHERWISE = "MACs", "bias additions", "doubling", "counted otherwise"

KINDS = {
    "norm": "normalisation",
    "lrn": "local response normalisation",
    "activation": "activations",
    "pool": "pooling",
    "softmax": "softmax",
    "elementwise": "elementwise",
    "mac": "convolution and fc",
    "custom": "custom operations",
}
"""Kind of work to what layers with such work are called; a layer goes by the first that it has."""


class Interpretation(NamedTuple):
    """A way to read a figure: a network, what is counted of it, by which convention, once or twice."""

    candidate: Candidate
    grouped: GroupedReport
    quantity: str = WORK
    convention: Convention | None = None
    doubled: bool = False

    @property
    def report(self) -> Report:
        """The counted network."""
        return self.grouped.report

    @property
    def value(self) -> int:
        """What is counted."""
        return (2 if self.doubled else 1) * self._once()

    def _once(self) -> int:
        report, convention = self.report, self.convention
        if self.quantity == WORK:
            return report.macs if convention is None else convention.total_cost(self.grouped)
        if self.quantity in (PARAMS, MODEL):
            params = report.params if convention is None else convention.total_params(self.grouped)
            return params if self.quantity == PARAMS else report.setup.bytes_of(params)
        values = report.memory_values if convention is None else convention.total_memory_values(self.grouped)
        return values if self.quantity == VALUES else report.setup.bytes_of(values)

    def plain(self) -> Interpretation:
        """Return the same without a convention."""
        return self._replace(convention=None, doubled=False)

    def surplus_terms(self) -> dict[str, int]:
        """Return what the convention adds to the plain count, by term; the sum is the difference."""
        terms = {WORK: _work, MEMORY: _memory, VALUES: _memory}.get(self.quantity, _params)(self)
        if self.quantity in (MEMORY, MODEL):
            bytes_of = self.report.setup.bytes_of
            terms = {term: bytes_of(abs(more)) * (1 if more > 0 else -1) for term, more in terms.items()}
        if self.doubled:
            terms[DOUBLING] = terms.get(DOUBLING, 0) + self._once()
        return {term: amount for term, amount in terms.items() if amount}


def interpretation(candidate: Candidate, quantity: str = WORK, batch: int = 1) -> Interpretation:
    """Count a network; raise ArchcalcError where it cannot be."""
    return Interpretation(candidate, grouped(candidate.report(batch)), quantity)


def _add(terms: dict[str, int], term: str, amount: int) -> None:
    terms[term] = terms.get(term, 0) + amount


def _kind_of(group: LayerGroup) -> str:
    """Name the kind of layer that something is counted of."""
    ops = group.layer.counts.ops
    for kind, term in KINDS.items():
        if kind in ops:
            return term
    return "the input image" if not group.layer.inputs else "concatenation, dropout and views"


def _work(counted: Interpretation) -> dict[str, int]:
    terms: dict[str, int] = {}
    convention = counted.convention
    if convention is None or convention.costs is None:
        return terms
    for group in counted.grouped.groups:
        cost = convention.costs.value(group.layer, group.scope)
        macs = group.layer.counts.ops.get("mac", 0)
        if not macs:
            _add(terms, _kind_of(group), cost * group.runs)
            continue
        without = convention.costs.value(group.layer, _without_bias(group.scope))
        _add(terms, BIASES, (cost - without) * group.runs)
        _add(terms, DOUBLING if without == 2 * macs else OTHERWISE, (without - macs) * group.runs)
    return terms


def _without_bias(scope: Scope) -> Scope:
    values = scope.values
    return Scope({**values, "bias": 0, "biases": 0, "params": values["params"] - values["biases"]}, scope.shape)


def _memory(counted: Interpretation) -> dict[str, int]:
    terms: dict[str, int] = {}
    convention = counted.convention
    if convention is None or convention.memories is None:
        return terms
    for group in counted.grouped.groups:
        more = convention.memories.value(group.layer, group.scope) - group.layer.counts.stored
        _add(terms, _kind_of(group), more * group.runs)
    return terms


def _params(counted: Interpretation) -> dict[str, int]:
    terms: dict[str, int] = {}
    convention = counted.convention
    if convention is None or convention.parameters is None:
        return terms
    for group in counted.grouped.groups:
        more = convention.parameters.value(group.layer, group.scope) - group.layer.counts.params
        _add(terms, _kind_of_params(group, more), more * group.layers)
    return terms


def _kind_of_params(group: LayerGroup, more: int) -> str:
    """Name the parameters of a layer that a convention counts, or leaves out."""
    counts, channels = group.layer.counts, group.layer.output.channels
    kinds = counts.params_by_kind
    if counts.buffers and more == counts.buffers:
        return "running statistics"
    if "mac" in counts.ops and more == channels and not kinds.get("bias"):
        return "biases of convolutions before normalisation"
    if more < 0 and more == -kinds.get("bias", 0):
        return "biases"
    if more < 0 and more == -kinds.get("norm", 0):
        return "scale and shift of normalisation"
    if more < 0 and kinds.get("norm"):
        return "folded normalisation"
    return f"params of {_kind_of(group)}"


class Term(NamedTuple):
    """A named part of a difference."""

    name: str
    amount: int


def difference(first: Interpretation, last: Interpretation) -> list[Term]:
    """Return the terms that lead from one interpretation to another; they add up to the difference of their values."""
    if first.quantity != last.quantity:
        return [Term(f"{last.quantity} instead of {first.quantity}", last.value - first.value)]
    terms = list(_steps(first, last))
    before, after = first.surplus_terms(), last.surplus_terms()
    terms += [Term(name, after.get(name, 0) - before.get(name, 0)) for name in {**before, **after}]
    return [term for term in terms if term.amount]


def _steps(first: Interpretation, last: Interpretation) -> Iterator[Term]:
    """Yield what another network, input size, heads and classes change of the plain count, one after another."""
    at, goal = first.plain(), last.plain()
    for name, candidate in _between(first, last):
        try:
            then = interpretation(candidate, at.quantity, at.report.setup.batch)
        except ArchcalcError:  # the other network does not fit this size: both change in one step
            continue
        yield Term(name, then.value - at.value)
        at = then
    yield Term(_changed(at.report, goal.report), goal.value - at.value)


def _between(first: Interpretation, last: Interpretation) -> Iterator[tuple[str, Candidate]]:
    """Yield the networks on the way, each with what has changed."""
    at, goal = first.candidate, last.candidate
    before, after = first.report, last.report
    if before.name != after.name or before.network.values != after.network.values:
        at = at._replace(spec=goal.spec, input=tuple(before.input))
        yield _changed(before, after), at
    if before.input != after.input:
        at = at._replace(input=goal.input)
        yield f"input {after.input}", at
    if at.training != goal.training:
        at = at._replace(training=goal.training)
        yield "auxiliary heads", at
    if at.classes != goal.classes:
        at = at._replace(classes=goal.classes)
        yield head_of(goal), at


def head_of(candidate: Candidate) -> str:
    """Say what classifier a network has, where it is another than its spec's."""
    if candidate.classes is None:
        return ""
    return f"{candidate.classes} classes" if candidate.classes else "no classifier"


def _changed(first: Report, goal: Report) -> str:
    """Say what is another network, and by which arguments."""
    before, after = first.network.values, goal.network.values
    same_family = first.network.spec.family.source.file == goal.network.spec.family.source.file
    changed = [f"{name} {after[name]}" for name in after if before.get(name) != after[name]] if same_family else []
    return f"{goal.name} ({', '.join(changed)})" if changed else goal.name
