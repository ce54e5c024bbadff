"""The words of ``why``: what an interpretation counts of which network, and how likely a coincidence is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.why.chance import window
from archcalc.analyses.why.terms import MEMORY, MODEL, WORK
from archcalc.analyses.why.usual import usual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.why.search import Answer, Outcome
    from archcalc.analyses.why.terms import Interpretation

BYTES = (MEMORY, MODEL)
"""What is counted in bytes."""

MOST_NETWORKS, MOST_COUNTS = 3, 6
"""Networks that are named beside the answer, and counts of each."""


def described(counted: Interpretation) -> str:
    """Say what an interpretation is of: MACs of resnet50 (3x224x224), thop of resnet50 with 10 classes (3x224x224)."""
    return f"{what(counted)} of {network(counted)}"


def what(counted: Interpretation) -> str:
    """Say what is counted, and by which convention."""
    if counted.convention is None:
        if counted.quantity == WORK:
            return "FLOPs (2 for each MAC)" if counted.doubled else "MACs"
        return counted.quantity
    name = counted.convention.name
    said = name if counted.quantity == WORK else f"{counted.quantity} by {name}"
    return f"{said} doubled" if counted.doubled else said


def network(counted: Interpretation) -> str:
    """Name a network with its heads, classes and input size."""
    report, classes = counted.report, counted.candidate.classes
    heads = " with auxiliary heads" if report.training and report.training_totals is not None else ""
    if classes is not None:
        heads += f" with {classes} classes" if classes else " without its classifier"
    return f"{report.name}{heads} ({'x'.join(map(str, report.input))})"


def amount(counted: Interpretation) -> str:
    """Write what is counted, exactly and rounded."""
    return f"{units.exact(counted.value)} = {short(counted)}"


def short(counted: Interpretation) -> str:
    """Write what is counted rounded."""
    return units.size(counted.value) if counted.quantity in BYTES else units.short(counted.value)


def how(answer: Answer) -> str:
    """Say how an answer gives the figure, where that is not as usual: cut, or with another K."""
    usually = 1024 if answer.interpretation.quantity in BYTES else 1000
    cut = " (cut, not rounded)" if answer.agrees == "cut" else ""
    return f"{cut}{'' if answer.k == usually else f' (K = {answer.k})'}"


def meaning(counted: Interpretation) -> list[str]:
    """Say what the network, its classes and the convention are."""
    report, classes, convention = counted.report, counted.candidate.classes, counted.convention
    notes = [f"{report.name}: {report.title}"]
    known = {**usual().common_classes, **usual().other_classes}
    if classes in known:
        notes.append(f"{classes} classes: {known[classes]}")
    if convention is not None:
        notes.append(f"{convention.name}: {convention.says} ({convention.source})")
        notes += [f"! {convention.name}: {remark}" for remark in convention.remarks_on(report)]
    return notes


def likelihood(outcome: Outcome) -> str:
    """Say how much was tried, and how likely a hit is by chance."""
    share, like = percent(outcome.chance), f"all figures between {_range(outcome)} with as many digits"
    if outcome.answer is None and not outcome.others:
        return f"Tried {outcome.tried:,} interpretations, which match {share} of {like}."
    this = "the first" if outcome.answer is None else "this one"
    return (
        f"Tried {outcome.tried:,} interpretations. Those at least as plausible as {this} match {share} of {like}: the"
        " chance of a coincidence."
    )


def _range(outcome: Outcome) -> str:
    printed, among = outcome.reported.printed, window(outcome.reported)
    write = units.size if printed.of_bytes else units.short
    return f"{write(int(among.first * printed.place))} and {write(int(among.last * printed.place))}"


def percent(chance: float) -> str:
    """Write a chance in percent with two significant digits."""
    if chance < 0.0001:
        return "less than 0.01%"
    return f"{100 * chance:.0f}%" if chance >= 0.1 else f"{100 * chance:.2g}%"


def others(answers: Sequence[Answer], best: Answer) -> list[str]:
    """Name what gives the same digits, by network; what is far-fetched beside the answer is left to JSON."""
    by_network: dict[str, list[str]] = {}
    for answer in answers:
        counted = answer.interpretation
        same = counted.quantity != WORK and counted.value == best.interpretation.value
        if answer.penalty <= best.penalty + 1 and not same:
            said = f"{what(counted)} {units.exact(counted.value)}{how(answer)}"
            by_network.setdefault(network(counted), []).append(said)
    lines = [f"  {name}: {_first(said)}." for name, said in list(by_network.items())[:MOST_NETWORKS]]
    return ["The same digits also come from", *lines] if lines else []


def _first(counts: list[str]) -> str:
    more = len(counts) - MOST_COUNTS
    return "; ".join(counts[:MOST_COUNTS]) + (f"; and {more} more" if more > 0 else "")


def answer_data(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain data."""
    return {**interpretation_data(answer.interpretation), "k": answer.k, "agrees": answer.agrees or None}


def interpretation_data(counted: Interpretation) -> dict[str, Any]:
    """Return an interpretation as plain data."""
    report = counted.report
    return {
        "network": report.name,
        "input": list(report.input),
        "training": report.training,
        "classes": counted.candidate.classes,
        "quantity": counted.quantity,
        "convention": counted.convention.name if counted.convention else None,
        "doubled": counted.doubled,
        "value": counted.value,
    }
