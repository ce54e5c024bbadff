"""The generated pages of the documentation about the zoo: its networks, and the misprints of the literature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.api import Model
from archcalc.published.check import MISPRINT, Finding, check
from archcalc.published.ledger import check_ledger
from archcalc.published.sources import known, shared
from archcalc.render.check import computed, summary
from archcalc.render.columns import across
from archcalc.render.zoo import errors, printed_error
from archcalc.zoo import every_family

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.engine.report import Report
    from archcalc.spec.member import Spec
    from archcalc.spec.model import Cite

_ZOO = """# The zoo

Written from the specs by `python docs/generate.py`; do not edit it by hand.

Every network that `archcalc list` knows, by family, with what follows from its spec: parameters, multiply-accumulates
(1 MAC = 1 multiplication + 1 addition), activation memory (the input image and every stored output, float32), depth
(layers with weights of their own on the longest path) and the receptive field of the last map. Error rates are those
that were published, each measured in its own way; `archcalc check NET` names the source of each.
"""

_MISPRINTS = """# Misprints

Written from the specs by `python docs/generate.py`; do not edit it by hand.

Published figures that do not follow from the network they speak of. Each was tried against the conventions and the
variants that could explain it before it was called a misprint: with and without biases, K as 1000 and 1024, other
inputs, other definitions of the same name. `archcalc check` holds them: one that began to agree would be news.

"""


def zoo() -> str:
    """Return the page of all networks."""
    lines = [_ZOO]
    for _, specs in sorted(every_family(), key=lambda each: (min(spec.year or 0 for spec in each[1]), each[0])):
        lines += _family(specs)
    return "\n".join(lines) + "\n"


def _family(specs: Sequence[Spec]) -> Iterator[str]:
    family = specs[0].family
    yield f"## {family.title}"
    yield ""
    if family.cite is not None:
        yield f"{_linked(family.cite)}."
        yield ""
    yield "| network | also | year | input | params | MACs | memory | depth | field | top-1 / top-5 error |"
    yield "| --- | --- | --: | --- | --: | --: | --: | --: | --: | --- |"
    for spec in specs:
        yield _network(Model(spec).analyze())
    yield ""
    for note in family.notes:
        yield note
        yield ""


def _network(report: Report) -> str:
    spec = report.network.spec
    field = report.receptive_field
    found = errors(report)
    both = [printed_error(found.get(word)) for word in ("top1_error", "top5_error")]
    cells = (
        f"`{report.name}`",
        ", ".join(f"`{alias}`" for alias in spec.aliases),
        str(spec.year or ""),
        across(report.input),
        f"{report.params:,}",
        units.short(report.macs),
        units.size(report.memory_bytes),
        str(report.depth),
        str(field[0]) if field[0] == field[1] else across(field),
        " / ".join(both) if any(each in found for each in ("top1_error", "top5_error")) else "",
    )
    return f"| {' | '.join(cells)} |"


def _linked(cite: Cite) -> str:
    title = f"[{cite.title}]({cite.url})" if cite.url else cite.title
    return f"{title} ({cite.year})" if cite.year else title


def misprints() -> str:
    """Return the page of all misprints."""
    specs = [spec for _, each in every_family() for spec in each]
    findings = [(spec, check(spec)) for spec in sorted(specs, key=lambda spec: spec.year or 0)]
    claims = check_ledger()
    every = [finding for _, each in findings for finding in each] + claims
    lines = [_MISPRINTS + summary(every) + "\n"]
    told: set[tuple[object, ...]] = set()
    for spec, each in findings:
        lines += _section(spec.title, _news(each, told), known(spec))
    lines += _section("Several networks", _news(claims, told), shared())
    return "\n".join(lines)


def _news(findings: Sequence[Finding], told: set[tuple[object, ...]]) -> list[Finding]:
    """Return the misprints that no section before has told: a family's are its members' too."""
    found = []
    for each in findings:
        key = (each.figure.cite, each.figure.where, each.figure.quantity, each.figure.printed, each.figure.misprint)
        if each.status == MISPRINT and key not in told:
            told.add(key)
            found.append(each)
    return found


def _section(title: str, findings: Sequence[Finding], sources: dict[str, Cite]) -> Iterator[str]:
    if not findings:
        return
    yield f"## {title}"
    yield ""
    for each in findings:
        figure = each.figure
        what = "" if figure.quantity == "claim" else f" {figure.quantity.replace('_', ' ')}"
        source = sources[figure.cite]
        where = f", {figure.where}" if figure.where else ""
        yield f"- **{' '.join(figure.at or ('the network',))}{what}**, printed {figure.printed}, computed {computed(each)}."
        yield f"  {figure.misprint}"
        yield f"  ({_linked(source)}{where}.)"
    yield ""
