"""The generated page of the documentation about the zoo: its networks and what follows from them."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from gallery_page import family_picture

from archcalc import units
from archcalc.analyses.comparison import errors
from archcalc.api import Model
from archcalc.render.columns import across
from archcalc.zoo import every_family, library_models

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.engine.report import Report
    from archcalc.language.model import Cite, Family
    from archcalc.language.networks import NetworkSpec

WRITTEN = "Written from the specs by `python docs/generate.py`; do not edit it by hand."

_ZOO = """All of it follows from the specs, at the input in the row:

- **params**: parameters, with biases and with scale and shift of normalisation.
- **MACs**: multiply-accumulates; 1 MAC is 1 multiplication and 1 addition.
- **memory**: of activations: the input image and every stored output, as float32, one image.
- **depth**: layers with weights of their own on the longest path.
- **field**: the receptive field of the last map, in pixels.
- **libraries**: what torchvision, Keras and timm call this very network, with the same parameters, at the same input.
  Below a table are their models that differ from all networks in it, in arguments or input. Each name works wherever a
  network does: `archcalc show torchvision:resnet50`.
- **error** is not computed: the published top-1 / top-5 error, or the one error that there is, or the accuracy. Each
  was measured in its own way; `archcalc check NET` names the source and the protocol.

`archcalc list` shows the networks in a terminal, `archcalc show NET` the layers of one, and `archcalc draw NET` a
picture of it. The pictures here are those of each family's first network, composites folded; [the gallery](gallery.md)
looks into some of them."""


def zoo() -> str:
    """Return the page of all networks."""
    families = families_by_year()
    networks = sum(len(specs) for specs in families)
    lines = ["# The zoo", "", WRITTEN, "", f"{networks} networks in {len(families)} families. {_ZOO}", ""]
    for year, group in groupby(families, key=_year):
        links = [f"[{specs[0].family.title}](#{_anchor(specs[0].family.title)})" for specs in group]
        lines.append(f"- {year or 'Examples'}: {', '.join(links)}")
    models = _models(families)
    for specs in families:
        lines += ["", *_family(specs[0].family, [Model(spec).analyze() for spec in specs], models)]
    return "\n".join(lines) + "\n"


class _Models(NamedTuple):
    """Models of libraries, as LIBRARY:NAME, by the name of a network of the zoo."""

    same: dict[str, list[str]]
    """Those that are this very network."""
    others: dict[str, list[str]]
    """Those that are this network with other arguments or another input."""


def _models(families: Sequence[Sequence[NetworkSpec]]) -> _Models:
    names = {name: spec.name for specs in families for spec in specs for name in (spec.name, *spec.aliases)}
    found = _Models(defaultdict(list), defaultdict(list))
    for library, models in library_models().items():
        for name, model in models.items():
            alike = found.others if model.set or model.input else found.same
            alike[names[model.network]].append(f"`{library}:{name}`")
    return found


def families_by_year() -> list[list[NetworkSpec]]:
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


def _family(family: Family, reports: Sequence[Report], models: _Models) -> Iterator[str]:
    yield f"## {family.title}"
    yield ""
    if family.cite is not None:
        yield f"{linked(family.cite)}."
        yield ""
    rows = [(*_network(report), ", ".join(models.same[report.name])) for report in reports]
    heads = ("network", "title", "year", "input", "params", "MACs", "memory", "depth", "field", "error", "libraries")
    aligned = ("---", "---", "--:", "---", "--:", "--:", "--:", "--:", "--:", "---", "---")
    shown = [index for index in range(len(heads)) if any(row[index] for row in rows)]
    for row in (heads, aligned, *rows):
        yield f"| {' | '.join(row[index] for index in shown)} |"
    others = [name for report in reports for name in models.others[report.name]]
    if others:
        yield ""
        yield f"Also in libraries, with other arguments or another input: {', '.join(others)}."
    yield ""
    yield f"![{reports[0].title}, composites folded]({family_picture(family.name)})"
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


def linked(cite: Cite) -> str:
    """Return a source's title with a link and the year."""
    title = f"[{cite.title}]({cite.url})" if cite.url else cite.title
    return f"{title} ({cite.year})" if cite.year else title
