"""The part of the page that is about one network: its HTML, and the data that its scripts read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units
from archcalc.analyses.counting import OWN, Counting
from archcalc.analyses.row_tree import row_tree
from archcalc.analyses.unseen import remarks
from archcalc.errors import RequestError, printable
from archcalc.limits import MAX_ON_A_PAGE
from archcalc.record import Record
from archcalc.render.columns import choose
from archcalc.render.explain import NetworkPage
from archcalc.render.layer_table import grid
from archcalc.render.table_options import TableOptions
from archcalc.render.view import view
from archcalc.web.charts import charts
from archcalc.web.derivations import derivations
from archcalc.web.figures import figures
from archcalc.web.grids import notes, table
from archcalc.web.markup import Html, tag
from archcalc.web.pictures import pictures
from archcalc.web.table import layer_table

if TYPE_CHECKING:
    from archcalc.engine.report import Report
    from archcalc.language.networks import NetworkSpec
    from archcalc.render.view import View


class PageOptions(Record):
    """How a page counts and writes: as the options of ``show`` say."""

    columns: str | None = None
    si: bool = False
    counting: Counting = OWN


class Part(NamedTuple):
    """The part of the page that is about one network."""

    name: str
    html: Html
    data: dict[str, Any]


def network(report: Report, spec: NetworkSpec | None, options: PageOptions, number: int = 0) -> Part:
    """Return the part about a network; raise RequestError where it has more layers than a page shows.

    ``spec`` is the network as it was published, whose figures are checked; None leaves the figures out.
    """
    if len(report.layers) > MAX_ON_A_PAGE:
        many = f"{len(report.layers):,} layers; a page shows {MAX_ON_A_PAGE:,} at most"
        raise RequestError(f"{printable(report.name)}: {many} (archcalc show has no such limit)")
    seen = view(report, options.counting, si=options.si)
    tree = row_tree(report)
    drawn = pictures(report)
    data = {
        "name": report.name,
        "pictures": [picture.data for picture in drawn],
        **derivations(report, tree, options.si, options.counting.convention),
    }
    layers = layer_table(seen, choose(options.columns), tree, f"Layers of {report.title}")
    drawings = charts(report) if options.counting == OWN else []  # those of another count would contradict the table
    parts = (
        _header(report, number),
        _tiles(seen),
        _remarks(report),
        tag(
            "div",
            _panel("graph", "Graph", tag("div", *(picture.svg for picture in drawn), class_="canvas")),
            tag(
                "div",
                _panel("table", "Layers", tag("div", layers, class_="wide")),
                _panel("sums", "Totals", _totals(seen)),
                *([_panel("charts", "Charts", *drawings)] if drawings else []),
                _panel("sums", "By operation", *_by_operation(report, options)),
                class_="stack",
            ),
            class_="columns",
        ),
        *([] if spec is None else figures(spec, options.counting.convention)),
        _notes(report),
    )
    section = tag("article", *parts, class_="network", id=f"network-{number}", aria_labelledby=f"title-{number}")
    return Part(report.name, section, data)


def _panel(kind: str, title: str, *content: Html) -> Html:
    return tag("section", tag("header", tag("h3", title)), *content, class_=f"panel {kind}", aria_label=title)


def _header(report: Report, number: int) -> Html:
    spec, setup = report.network.spec, report.setup
    inputs = " and ".join("×".join(map(str, shape)) for shape in report.network.inputs.values())
    facts = [report.name, f"input {inputs}", setup.dtype]
    facts += [f"batch {setup.batch}"] if setup.batch > 1 else []
    facts += [f"{name} {_plain(value)}" for name, value in spec.values.items()]
    facts += [str(spec.year)] if spec.year else []
    return tag(
        "header",
        tag("h2", report.title, id=f"title-{number}"),
        tag("p", " · ".join(facts), class_="facts"),
        _source(spec),
        class_="title",
    )


def _plain(value: Any) -> str:
    return "×".join(map(_plain, value)) if isinstance(value, tuple) else str(value)


def _source(spec: NetworkSpec) -> Html:
    cite = spec.cite
    if cite is None:
        return Html()
    words = f"{cite.title} ({cite.year or spec.year})"
    if cite.url is None or not cite.url.startswith(("https://", "http://")):
        return tag("p", words, class_="source")
    return tag("p", tag("a", words, href=cite.url, rel="noreferrer noopener", target="_blank"), class_="source")


def _tiles(seen: View) -> Html:
    """Return the figures that a reader asks for first, as ``compare`` writes them."""
    report, sums = seen.report, seen.sums
    field = report.receptive_field
    tiles = [
        ("parameters", units.short(sums.params), units.exact(sums.params)),
        (seen.counting.work_name, units.short(sums.work), units.exact(sums.work)),
        ("activation memory", units.size(sums.memory_bytes, si=seen.si), f"{units.exact(sums.memory_bytes)} B"),
        ("model size", units.size(sums.model_bytes, si=seen.si), f"{units.exact(sums.model_bytes)} B"),
        ("depth", str(report.depth), "layers with weights"),
        ("receptive field", "–" if field is None else "×".join(map(str, dict.fromkeys(field))), "pixels, last map"),
    ]
    cells = (
        tag("div", tag("dt", word), tag("dd", short), tag("dd", exact, class_="exact")) for word, short, exact in tiles
    )
    return tag("dl", *cells, class_="tiles")


def _remarks(report: Report) -> Html:
    found = [tag("p", remark.text) for remark in remarks(report)]
    return tag("section", *found, class_="remarks", aria_label="Remarks") if found else Html()


def _totals(seen: View) -> Html:
    """Return what ``show`` says below its table; remarks stand above it here."""
    said = {f"! {remark.text}" for remark in remarks(seen.report)}
    lines = grid(seen, (), TableOptions()).below()
    return tag("div", notes(line for line in lines if line not in said), class_="notes")


def _by_operation(report: Report, options: PageOptions) -> list[Html]:
    """Return what ``explain`` says of a whole network."""
    first, *others = NetworkPage(report, options.si, options.counting.convention).grids()
    parts = [table(first, "Sums by operation"), tag("div", notes(first.below()), class_="notes small")]
    return [*parts, *(part for each in others for part in (tag("h4", each.title), table(each, each.title)))]


def _notes(report: Report) -> Html:
    lines = report.network.spec.family.notes
    return _panel("words", "Notes", tag("div", notes(lines), class_="notes")) if lines else Html()
