"""What is drawn of a report: how deep it is unfolded, which part, and what stands above it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc import units
from archcalc.draw.fold import fold
from archcalc.draw.graph import graph
from archcalc.draw.naming import Naming
from archcalc.draw.paths import fold_paths
from archcalc.errors import RequestError, did_you_mean, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archcalc.draw.graph import Graph
    from archcalc.draw.options import Options
    from archcalc.engine.report import Report

    Form = tuple[tuple[str, tuple[int, ...]], ...]

PAGE = 100
"""Boxes of a picture, at most, for which composites are unfolded unless a depth is asked for."""


TERMS = {
    "residual": ("bottleneck", "basic", "residual", "unit"),
    "squeeze_and_excitation": ("squeeze_excite", "se"),
    "squeeze_excitation": ("squeeze_excite", "se"),
    "squeeze_excite": ("se",),
    "se": ("squeeze_excite",),
    "dense": ("dense_layer", "layer"),
    "mbconv": ("inverted_residual",),
}
"""What the literature calls a block, and the names that specs have for it."""


def chosen(report: Report, options: Options) -> tuple[Graph, Naming]:
    """Return the graph to draw."""
    naming = Naming(report.network)
    part = _part(report, naming, options.block) if options.block else ""
    if options.every:
        return graph(report, every=True, part=part), naming
    if options.depth is not None:
        return _folded(report, naming, options.depth, part), naming
    *_, best = unfolded(report, naming, part)
    return best, naming


def unfolded(report: Report, naming: Naming, part: str = "") -> Iterator[Graph]:
    """Yield the graph with composites folded, then with one level after another unfolded, as deep as a page holds."""
    yield _folded(report, naming, 1, part)
    deepest = max(layer.name.count("/") for layer in report.layers) + 1
    for depth in range(2, deepest + 1):
        deeper = _folded(report, naming, depth, part)
        if len(deeper.boxes) > PAGE:
            break
        yield deeper


def _folded(report: Report, naming: Naming, depth: int, part: str) -> Graph:
    return fold_paths(fold(graph(report, depth, part=part), naming), naming)


def _part(report: Report, naming: Naming, name: str) -> str:
    """Return the path of what is to be drawn: a composite by its path, or a block in the form that it mostly has."""
    if name in report.names:
        return name
    known = dict.fromkeys(call.block for call in naming.calls.values())
    block = _block(name, known)
    forms: dict[Form, list[str]] = {}
    for path, call in naming.calls.items():
        if call.block == block and (form := _form(report, path)):
            forms.setdefault(form, []).append(path)
    if forms:
        _, paths = max(forms.items(), key=lambda form: (len(form[1]), len(form[0])))
        return paths[0]
    listed = f"; its blocks are {', '.join(known)}" if known else "; it has none"
    hint = did_you_mean(name, [*known, *naming.calls]) or listed
    raise RequestError(f"{report.name} has no block or part '{printable(name[:100])}'{hint}")


def _block(name: str, known: Iterable[str]) -> str | None:
    """Return the block that is meant: by its name, however it is spelled, or by the literature's term for it."""
    spelled = {_plain_term(each): each for each in reversed(tuple(known))}
    wanted = _plain_term(name)
    terms = (wanted, *TERMS.get(wanted, ()))
    return name if name in known else next((spelled[term] for term in terms if term in spelled), None)


def _plain_term(name: str) -> str:
    """Write a name without what does not tell blocks apart: Inception-module is inception, as is inception_block."""
    words = [word for word in re.split(r"[\W_]+", name.lower()) if word]
    return "_".join(words[:-1] if len(words) > 1 and words[-1] in ("block", "module", "unit") else words)


def _form(report: Report, path: str) -> Form:
    """Return what a composite consists of, whatever its sizes: operations, and where they come from in it."""
    layers = [layer for layer in report.layers if layer.name.startswith(f"{path}/")]
    number = {layer.position: place for place, layer in enumerate(layers)}
    return tuple((layer.op, tuple(number.get(source, -1) for source in layer.node.sources)) for layer in layers)


def headline(report: Report, naming: Naming, part: str) -> tuple[str, str]:
    """Return what stands above a picture: the network and its totals, or a block and its arguments."""
    if not part:
        totals = f"{units.short(report.params)} params · {units.short(report.macs)} MACs"
        inputs = " and ".join("×".join(map(str, shape)) for shape in report.network.inputs.values())
        return report.title, f"input {inputs} · {totals}"
    call = naming.calls.get(part)
    if call is None:
        return part, f"of {report.title}"
    given = ", ".join(f"{name} {_plain(value)}" for name, value in call.arguments.items())
    return f"{call.block} ({given})" if given else call.block, f"{part} of {report.title}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "×".join(map(_plain, value))
    return value if isinstance(value, str) else units.decimal(value) if not isinstance(value, int) else str(value)
