"""The engine behind the page with an editor: from a spec as text to everything that the page shows.

One function, from plain data to plain data, whoever calls it: the local server in a process of its own, or the page
itself where archcalc runs in the browser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import ArchcalcError, RequestError, SpecError
from archcalc.language.family import read_family
from archcalc.language.networks import chosen, input_size, networks_of
from archcalc.limits import MAX_IN_EDITOR, MAX_MISTAKES
from archcalc.text.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from archcalc.engine.report import Report
    from archcalc.errors import Mistake
    from archcalc.language.model import Family
    from archcalc.language.networks import NetworkSpec

    Answer = dict[str, Any]

FILE = "spec.yaml"
"""What errors call the text."""


def answer(text: str, name: str, options: Mapping[str, Any]) -> Answer:
    """Return what a page asks for of a spec, or what is wrong with it.

    ``name`` is a network of the spec; empty or unknown, it is the first. ``options`` are ``want``: ``page``, ``svg``,
    ``csv``, or ``spec``, the text of the network of the zoo that is called ``name``; ``input``, ``batch`` and ``dtype``
    as the command line takes them.

    The answer has ``names`` of all networks of the text and the ``name`` of the one shown; ``title``, ``html`` and
    ``data`` of a page, or a ``text``. Where something is wrong it has ``mistakes``, each with ``message``, ``line`` and
    ``column`` from 1 and ``offset`` in characters, or an ``error`` that is about no place.
    """
    try:
        if options.get("want") == "spec":
            return _spec_of(name)
        if len(text) > MAX_IN_EDITOR:
            raise RequestError(f"{len(text):,} characters; the editor takes {MAX_IN_EDITOR:,} at most")
        return _of_text(text, name, options)
    except SpecError as error:
        return {"mistakes": [_mistake(text, each) for each in error.mistakes[:MAX_MISTAKES]]}
    except ArchcalcError as error:
        return {"error": str(error)}
    except (MemoryError, RecursionError):
        return {"error": "not enough memory"}


def _of_text(text: str, name: str, options: Mapping[str, Any]) -> Answer:
    family = read_family(Source(FILE, text))
    spec = _chosen(family, name)
    found: Answer = {"names": [each.name for each in networks_of(family)], "name": spec.name}
    try:
        report = _report(spec, options)
        return {**found, **_WRITERS[str(options.get("want", "page"))](report, spec)}
    except SpecError as error:
        if error.file != FILE:  # of a network that a published figure is about
            raise RequestError(str(error)) from None
        return {**found, "mistakes": [_mistake(text, each) for each in error.mistakes[:MAX_MISTAKES]]}
    except RequestError as error:
        return {**found, "error": str(error)}


def _chosen(family: Family, name: str) -> NetworkSpec:
    """Return the network of a name, or the first of the text."""
    try:
        return chosen(family, name or family.name)
    except RequestError:
        return next(networks_of(family))


def _report(spec: NetworkSpec, options: Mapping[str, Any]) -> Report:
    size = input_size(options.get("input") or None)
    batch = options.get("batch", 1)
    if batch.__class__ is not int or batch < 1:
        raise RequestError("batch: write a whole number of at least 1")
    return count(expand(spec, size), setup(batch, str(options.get("dtype") or "float32")))


def _page(report: Report, spec: NetworkSpec) -> Answer:
    from archcalc.web.network import PageOptions, network

    part = network(report, spec, PageOptions())
    return {"title": report.title, "html": part.html, "data": part.data}


def _svg(report: Report, spec: NetworkSpec) -> Answer:
    from archcalc.draw.drawing import drawing
    from archcalc.draw.options import Options

    return {"text": drawing(report, Options())}


def _csv(report: Report, spec: NetworkSpec) -> Answer:
    from archcalc.render.formats import write
    from archcalc.render.page import Target
    from archcalc.render.show import page
    from archcalc.render.table_options import TableOptions

    return {"text": write(page([report], TableOptions(every=True)), "csv", Target()) + "\n"}


_WRITERS: dict[str, Callable[[Report, NetworkSpec], Answer]] = {"page": _page, "svg": _svg, "csv": _csv}


def _spec_of(name: str) -> Answer:
    """Return the text of a network of the zoo, and its name there; files are never read."""
    from archcalc.zoo import exactly

    spec = exactly(name) if name else None
    if spec is None:
        raise RequestError(f"no network of the zoo is called '{name[:100]}'")
    return {"text": spec.family.source.text, "name": spec.name}


def _mistake(text: str, mistake: Mistake) -> Answer:
    """Return a mistake as plain data."""
    return {
        "line": mistake.line + 1,
        "column": mistake.column + 1,
        "message": mistake.message,
        "offset": _offset(text, mistake),
    }


def _offset(text: str, mistake: Mistake) -> int:
    """Return how many characters come before a mistake; lines end where YAML ends them."""
    import re

    start = 0
    for _, end in zip(range(mistake.line), re.finditer("\r\n|[\n\r\x85\u2028\u2029]", text), strict=False):
        start = end.end()
    return min(start + mistake.column, len(text))
