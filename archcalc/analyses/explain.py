"""Derivations of numbers: the formulas that counted, run on quantities that remember how they were computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.operations.base import compute, output_values, receptive_field_after
from archcalc.trace import Quantity, quantity, total

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.conventions.convention import Convention
    from archcalc.conventions.rules import Rules
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report

WORK_NAMES = {
    "mac": "MACs",
    "bias": "bias additions",
    "pool": "pooling operations",
    "attention": "attention MACs",
    "matmul": "MACs of the product",
}
PARAM_NAMES = {"weight": "weights", "bias": "biases", "norm": "scale and shift", "custom": "custom parameters"}


class Derivation(NamedTuple):
    """One number of a layer: what it is, its formula with names, the same with numbers, and the value."""

    label: str
    formula: str
    numbers: tuple[str, ...]
    value: int
    unit: str = ""
    part: bool = False
    """Whether it is a part of the number before it."""


def derivations(layer: Layer) -> list[Derivation]:
    """Derive every number of a layer, for one image."""
    operation, inputs = layer.operation, layer.inputs
    if not inputs:
        steps = []
        values = _named({"C": layer.output[0], "H": layer.output[1], "W": layer.output[2]}, lambda C, H, W: C * H * W)
    else:
        steps = [
            _derive(step.says, compute(step.formula, _quantities(step.quantities)))
            for step in operation.intermediate_formulas(inputs)
        ]
        steps += _params(layer)
        values = compute(output_values, _quantities(operation.quantities(inputs, layer.output)))
    steps.append(_derive("output values", values, "values"))
    steps += _memory(layer)
    if inputs:
        steps += _work(layer)
        steps += _field(layer)
    return steps


def _quantities(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, Quantity) else Quantity(name, value) for name, value in values.items()}


def _named(values: dict[str, int], formula: Callable[..., Any]) -> Any:
    return formula(*[Quantity(name, value) for name, value in values.items()])


def _derive(label: str, traced: Any, unit: str = "", *, part: bool = False) -> Derivation:
    known = quantity(traced)
    assert known.value is not None
    numbers = dict.fromkeys([known.numbers(), known.reduced()])
    result = f"{known.value:,}"
    return Derivation(label, known.names(), tuple(step for step in numbers if step != result), known.value, unit, part)


def _params(layer: Layer) -> list[Derivation]:
    quantities = _quantities(layer.operation.quantities(layer.inputs, layer.output))
    terms = [(formula.of, formula.kind, compute(formula.formula, quantities)) for formula in layer.operation.formulas()]
    params = [(kind, quantity(term)) for of, kind, term in terms if of == "params"]
    steps = []
    if params:
        steps.append(_derive("params", total([term for _, term in params]), "params"))
    if len(params) > 1:
        steps += [_derive(PARAM_NAMES[kind], term, "params", part=True) for kind, term in params]
    steps += [_derive("running statistics", term, "buffers") for of, _, term in terms if of == "buffers"]
    return steps


def _memory(layer: Layer) -> list[Derivation]:
    bits = layer.setup.bits
    values = layer.counts.stored
    width = f"{bits // 8} B" if bits % 8 == 0 else f"{bits} bits"
    if not values:
        return [Derivation("memory", "in place, or a view: nothing is stored", (), 0, "bytes")]
    one = layer._replace(setup=layer.setup.replace(batch=1))
    size = one.setup.bytes_of(values)
    steps = [Derivation("memory", f"values·{width}", (f"{values:,}·{width}",), size, "bytes")]
    if layer.params:
        both = layer.params + values
        steps += [
            Derivation("params and output", "params + values", (f"{layer.params:,} + {values:,}",), both, "values"),
            Derivation("", f"(params + values)·{width}", (f"{both:,}·{width}",), one.setup.bytes_of(both), "bytes"),
        ]
    return steps


def _work(layer: Layer) -> list[Derivation]:
    quantities = _quantities(layer.operation.quantities(layer.inputs, layer.output))
    return [
        _derive(WORK_NAMES.get(formula.kind, f"{formula.kind} operations"), compute(formula.formula, quantities), "ops")
        for formula in layer.operation.formulas()
        if formula.of == "ops"
    ]


def _field(layer: Layer) -> list[Derivation]:
    """Derive the receptive field if it follows from that of the input alone, not place by place."""
    reads, before, after = layer.counts.reads[0], layer.receptive_field_in, layer.receptive_field
    if reads is None or reads.period != 1 or before is None or after is None or layer.effective_stride is None:
        return []
    span, step = reads.last[0] - reads.first[0] + 1, layer.effective_stride[0] // reads.stride
    if span == 1 or before[0] + (span - 1) * step != after[0]:
        return []
    names = {"R": before[0], "K": span, "J": int(step)}
    return [_derive("receptive field (height)", _named(names, receptive_field_after), "pixels")]


def derivations_under(layer: Layer, convention: Convention) -> list[Derivation]:
    """Derive what a convention counts of a layer, for one image."""
    from archcalc.conventions.rules import with_numbers

    derived = []
    for label, rules, unit in (
        (f"{convention.unit}", convention.costs, "ops"),
        ("values in memory", convention.memories, "values"),
        ("params", convention.parameters, "params"),
    ):
        if rules is not None:
            scope = convention.scope(layer)
            formula, value = rules.formula(layer), rules.value(layer, scope)
            numbers = with_numbers(formula, scope)
            steps = (numbers,) if numbers not in (formula, f"{value:,}") else ()
            derived.append(Derivation(f"{convention.name}: {label}", formula, steps, value, unit))
    return derived


class OperationSums(NamedTuple):
    """The sums of the layers of one operation, for the whole batch."""

    op: str
    layers: int
    params: int
    macs: int
    memory_values: int


def by_operation(report: Report) -> list[OperationSums]:
    """Return the sums of a network by operation, in the order in which these first run."""
    layers_of: dict[str, list[Layer]] = {}
    for layer in report.layers:
        layers_of.setdefault(layer.op, []).append(layer)
    return [
        OperationSums(
            op,
            len(layers),
            sum(layer.params for layer in layers),
            sum(layer.macs for layer in layers),
            sum(layer.memory_values for layer in layers),
        )
        for op, layers in layers_of.items()
    ]


class RuleSum(NamedTuple):
    """What a convention counts for the layers of one operation, and by which formula."""

    op: str
    formula: str
    value: int


class Subject(NamedTuple):
    """Something that a convention counts: its name, unit, rules, and a function that counts it for a layer."""

    convention: str
    name: str
    unit: str
    rules: Rules
    count: Callable[[Layer], int]


def subjects(convention: Convention) -> list[Subject]:
    """Return what a convention has its own rules for: work, memory, params."""
    every = (
        ("work", convention.unit, convention.costs, convention.cost),
        ("memory", "values", convention.memories, convention.memory_values),
        ("params", "params", convention.parameters, convention.params),
    )
    return [
        Subject(convention.name, name, unit, rules, count) for name, unit, rules, count in every if rules is not None
    ]


def by_operation_under(report: Report, subject: Subject) -> list[RuleSum]:
    """Return what a convention counts of a network by operation, without operations that it does not count."""
    sums: dict[str, int] = {}
    formulas: dict[str, str] = {}
    for layer in report.layers:
        sums[layer.op] = sums.get(layer.op, 0) + subject.count(layer)
        formulas[layer.op] = subject.rules.formula(layer)
    return [RuleSum(op, formulas[op], value) for op, value in sums.items() if value]
