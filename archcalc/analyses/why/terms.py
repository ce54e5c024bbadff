"""A count as a sum of named terms: what a convention adds to the plain count, and what another network changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.conventions.rules import GroupedReport, grouped
from archcalc.engine.count import count
from archcalc.engine.expand import expand
from archcalc.errors import SpecError
from archcalc.language.formula import Scope

if TYPE_CHECKING:
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

KINDS_OF_PARAMS = {"weight": "weights", "bias": "biases", "norm": "scale and shift", "custom": "custom parameters"}


class Interpretation(NamedTuple):
    """A way to read a figure: a network, what is counted of it, by which convention, once or twice."""

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
        """What comes out."""
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
        found = {WORK: _work, MEMORY: _memory, VALUES: _memory}.get(self.quantity, _params)(self)
        if self.quantity in (MEMORY, MODEL):
            bytes_of = self.report.setup.bytes_of
            found = {term: bytes_of(abs(more)) * (1 if more > 0 else -1) for term, more in found.items()}
        if self.doubled:
            found[DOUBLING] = found.get(DOUBLING, 0) + self._once()
        return {term: amount for term, amount in found.items() if amount}


def _add(found: dict[str, int], term: str, amount: int) -> None:
    found[term] = found.get(term, 0) + amount


def _called(each: LayerGroup) -> str:
    """Name the kind of layer that something is counted of."""
    ops = each.layer.counts.ops
    for kind, term in KINDS.items():
        if kind in ops:
            return term
    return "the input image" if not each.layer.inputs else "concatenation, dropout and views"


def _work(reading: Interpretation) -> dict[str, int]:
    found: dict[str, int] = {}
    convention = reading.convention
    if convention is None or convention.costs is None:
        return found
    for each in reading.grouped.groups:
        cost = convention.costs.value(each.layer, each.scope)
        macs = each.layer.counts.ops.get("mac", 0)
        if not macs:
            _add(found, _called(each), cost * each.runs)
            continue
        without = convention.costs.value(each.layer, _without_bias(each.scope))
        _add(found, BIASES, (cost - without) * each.runs)
        _add(found, DOUBLING if without == 2 * macs else OTHERWISE, (without - macs) * each.runs)
    return found


def _without_bias(scope: Scope) -> Scope:
    values = scope.values
    return Scope({**values, "bias": 0, "biases": 0, "params": values["params"] - values["biases"]}, scope.shape)


def _memory(reading: Interpretation) -> dict[str, int]:
    found: dict[str, int] = {}
    convention = reading.convention
    if convention is None or convention.memories is None:
        return found
    for each in reading.grouped.groups:
        more = convention.memories.value(each.layer, each.scope) - each.layer.counts.stored
        _add(found, _called(each), more * each.runs)
    return found


def _params(reading: Interpretation) -> dict[str, int]:
    found: dict[str, int] = {}
    convention = reading.convention
    if convention is None or convention.parameters is None:
        return found
    for each in reading.grouped.groups:
        counted = each.layer.counts
        more = convention.parameters.value(each.layer, each.scope) - counted.params
        statistics = counted.buffers and more == counted.buffers
        _add(found, "running statistics" if statistics else f"params of {_called(each)}", more * each.layers)
    return found


class Term(NamedTuple):
    """A named part of a difference."""

    name: str
    amount: int


def difference(first: Interpretation, last: Interpretation) -> list[Term]:
    """Return the terms that lead from one reading to another; they add up to the difference of their values."""
    if first.quantity != last.quantity:
        return [Term(f"{last.quantity} instead of {first.quantity}", last.value - first.value)]
    terms = _steps(first, last)
    before, after = first.surplus_terms(), last.surplus_terms()
    terms += [Term(name, after.get(name, 0) - before.get(name, 0)) for name in {**before, **after}]
    return [term for term in terms if term.amount]


def _steps(first: Interpretation, last: Interpretation) -> list[Term]:
    """Return what another network, input size and heads change of the plain count, one after another."""
    terms: list[Term] = []
    at = first.plain()
    goal = last.plain().report
    for name, report in _between(at.report, goal):
        then = at._replace(grouped=grouped(report))
        terms.append(Term(name, then.value - at.value))
        at = then
    return terms


def _between(first: Report, goal: Report) -> list[tuple[str, Report]]:
    """Return the networks on the way, each with what has changed."""
    found: list[tuple[str, Report]] = []
    at = first
    if first.network.spec.name != goal.network.spec.name or first.network.values != goal.network.values:
        at = _other_network(first, goal)
        found.append((_changed(first, goal), at))
    if at.input != goal.input:
        at = count(expand(goal.network.spec, goal.input), goal.setup, training=first.training)
        found.append((f"input {goal.input}", at))
    if at.training != goal.training:
        found.append(("auxiliary heads", goal))
    return found


def _other_network(first: Report, goal: Report) -> Report:
    """Return the goal's network at the first one's input, where it fits."""
    for size in (first.input, goal.input):
        try:
            return count(expand(goal.network.spec, size), goal.setup, training=first.training)
        except SpecError:
            continue
    return goal


def _changed(first: Report, goal: Report) -> str:
    """Say what is another network, and by which arguments."""
    before, after = first.network.values, goal.network.values
    same_family = first.network.spec.family.source.file == goal.network.spec.family.source.file
    changed = [f"{name} {after[name]}" for name in after if before.get(name) != after[name]] if same_family else []
    return f"{goal.name} ({', '.join(changed)})" if changed else goal.name
