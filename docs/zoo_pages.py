"""The generated pages of the documentation about the zoo: its networks, and the misprints of the literature."""

from __future__ import annotations

import re
from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.comparison import errors
from archcalc.api import Model
from archcalc.published.check import MISPRINT, check
from archcalc.published.claims import check_claims
from archcalc.published.sources import known, shared
from archcalc.published.stats import distinct, source_stats
from archcalc.render.check import computed, counted, summary
from archcalc.render.columns import across
from archcalc.zoo import every_family

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archcalc.engine.report import Report
    from archcalc.language.model import Cite, Family
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.check import Finding

_WRITTEN = "Written from the specs by `python docs/generate.py`; do not edit it by hand."

_ZOO = """All of it follows from the specs, at the input that stands in the row:

- **params**: parameters, with biases and with scale and shift of normalisation.
- **MACs**: multiply-accumulates; 1 MAC is 1 multiplication and 1 addition.
- **memory**: of activations: the input image and every stored output, as float32, one image.
- **depth**: layers with weights of their own on the longest path.
- **field**: the receptive field of the last map, in pixels.
- **error** is not computed: the published top-1 / top-5 error, or the one error that there is, or the accuracy. Each
  was measured in its own way; `archcalc check NET` names source and protocol.

`archcalc list` shows the networks in a terminal, `archcalc show NET` the layers of one."""

_MISPRINTS = """Published figures that do not follow from the network they speak of. Before a figure was called a
misprint, the conventions and variants that could explain it were tried: with and without biases, K of 1000 and of 1024,
other inputs, other definitions of the same name. What was found stands beside it. `archcalc check` holds the figures to
it: one that began to agree would be news."""

_QUANTITIES = {
    "fc_layers": "fully connected layers",
    "macs": "MACs",
    "macs_share": "share of the MACs",
    "params": "parameters",
    "params_share": "share of the parameters",
    "pad": "padding",
}


def zoo() -> str:
    """Return the page of all networks."""
    families = _families()
    networks = sum(len(specs) for specs in families)
    lines = ["# The zoo", "", _WRITTEN, "", f"{networks} networks in {len(families)} families. {_ZOO}", ""]
    for year, group in groupby(families, key=_year):
        links = [f"[{specs[0].family.title}](#{_anchor(specs[0].family.title)})" for specs in group]
        lines.append(f"- {year or 'Examples'}: {', '.join(links)}")
    for specs in families:
        lines += ["", *_family(specs[0].family, [Model(spec).analyze() for spec in specs])]
    return "\n".join(lines) + "\n"


def _families() -> list[list[NetworkSpec]]:
    """Return the networks of each family, in the order of years; examples, which have none, last."""
    return sorted(
        (specs for _, specs in every_family()), key=lambda specs: (_year(specs) or 9999, specs[0].family.title)
    )


def _year(specs: Sequence[NetworkSpec]) -> int:
    """Return the year of a family's first network, or 0."""
    return min((spec.year for spec in specs if spec.year), default=0)


def _anchor(title: str) -> str:
    """Return what a heading is linked by."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def _family(family: Family, reports: Sequence[Report]) -> Iterator[str]:
    yield f"## {family.title}"
    yield ""
    if family.cite is not None:
        yield f"{_linked(family.cite)}."
        yield ""
    rows = [_network(report) for report in reports]
    heads = ("network", "title", "year", "input", "params", "MACs", "memory", "depth", "field", "error")
    aligned = ("---", "---", "--:", "---", "--:", "--:", "--:", "--:", "--:", "---")
    shown = [index for index in range(len(heads)) if any(row[index] for row in rows)]
    for row in (heads, aligned, *rows):
        yield f"| {' | '.join(row[index] for index in shown)} |"
    if family.notes:
        yield ""
    for note in family.notes:
        yield f"- {note}"


def _network(report: Report) -> tuple[str, ...]:
    spec = report.network.spec
    field = report.receptive_field
    return (
        ", ".join(f"`{name}`" for name in (report.name, *spec.aliases)),
        "" if spec.title in (spec.family.title, spec.name) else spec.title,
        str(spec.year or ""),
        across(report.input),
        f"{report.params:,}",
        units.short(report.macs),
        units.size(report.memory_bytes),
        str(report.depth),
        str(field[0]) if field[0] == field[1] else across(field),
        _error(report),
    )


def _error(report: Report) -> str:
    """Return the published error rates, or the accuracy where that was printed."""
    found = {word: figure.printed for word, figure in errors(report).items()}
    for first, second, what in (("top1_error", "top5_error", ""), ("top1_accuracy", "top5_accuracy", "accuracy ")):
        if first in found or second in found:
            return f"{what}{found.get(first, '–')} / {found.get(second, '–')}"
    if "accuracy" in found:
        return f"accuracy {found['accuracy']}"
    return found.get("error", "")


def _linked(cite: Cite) -> str:
    title = f"[{cite.title}]({cite.url})" if cite.url else cite.title
    return f"{title} ({cite.year})" if cite.year else title


def misprints() -> str:
    """Return the page of all misprints."""
    families = _families()
    specs = [spec for family in families for spec in family]
    sources = {**shared(), **{cite: source for spec in specs for cite, source in known(spec).items()}}
    claims = check_claims(specs)
    by_family = [(family[0].family.title, [each for spec in family for each in check(spec)]) for family in families]
    findings = [each for _, own in by_family for each in own] + claims
    lines = ["# Misprints", "", _WRITTEN, "", _MISPRINTS, "", fill(summary(findings), 120)]
    for title, own in (*by_family, ("Claims about several networks", claims)):
        wrong = [each for each in distinct(own) if each.status == MISPRINT]
        if wrong:
            names = {each.network for each in own}
            lines += ["", f"## {title}", *_told(wrong, sources, len(names) > 1)]
    lines += ["", "## Sources", "", *_account(findings, sources)]
    return "\n".join(lines) + "\n"


def _told(findings: Iterable[Finding], sources: dict[str, Cite], several: bool) -> Iterator[str]:
    """Tell misprints source by source, those that have the same reason together."""
    for place, printed in groupby(findings, key=lambda each: (each.figure.cite, each.figure.where)):
        source = ", ".join(part for part in (_linked(sources[place[0]]), place[1]) if part)
        together: dict[str, dict[str, list[str]]] = {}
        for each in printed:
            what, said = _said(each, several)
            together.setdefault(each.figure.misprint, {}).setdefault(what, []).append(said)
        yield from ("", f"In {source}:", "")
        for reason, figures in together.items():
            yield f"- {'; '.join(what + '; '.join(said) for what, said in figures.items())}. {reason}"


def _said(each: Finding, several: bool) -> tuple[str, str]:
    """Say what was printed of which quantity; and of which network or layer, and what was computed."""
    figure = each.figure
    printed = f"printed {figure.printed}, computed {computed(each)}"
    if figure.quantity == "claim":
        if each.computed is False:
            printed = "does not hold" if figure.printed == "holds" else f"printed {figure.printed}, does not hold"
        return f"{' '.join(figure.at or ())}: ", printed
    how = counted(each)
    what = _QUANTITIES.get(figure.quantity, figure.quantity.replace("_", " "))
    names = [f"`{name}`" for name in (*([each.network] if several else []), *(figure.at or ()))]
    return f"**{what[0].upper()}{what[1:]}**{f' ({how})' if how else ''}: ", " ".join([*names, printed])


def _account(findings: Iterable[Finding], sources: dict[str, Cite]) -> Iterator[str]:
    """Yield the table of every source: how many of its figures are recorded, and what became of them."""
    yield "Every source of archcalc's figures, and what became of them. A figure counts once, though it may be held"
    yield "against all networks of a family."
    yield ""
    yield "| source | key | figures | agree | misprints | measured | of no network |"
    yield "| --- | --- | --: | --: | --: | --: | --: |"
    for cite, each in source_stats(findings).items():
        numbers = (each.figures, each.agree, each.misprints, each.measured, each.of_no_network)
        yield f"| {_linked(sources[cite])} | `{cite}` | {' | '.join(str(number or '–') for number in numbers)} |"
