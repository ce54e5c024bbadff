"""The report: one page about some networks, alone in its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.comparison import compare
from archcalc.analyses.counting import OWN
from archcalc.render.compare import ComparePage
from archcalc.web.charts import comparison
from archcalc.web.document import document, main, masthead, tabs
from archcalc.web.grids import notes, table
from archcalc.web.markup import Html, tag
from archcalc.web.network import network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.engine.report import Report
    from archcalc.language.networks import NetworkSpec
    from archcalc.web.network import PageOptions

SCRIPTS = ("dom.js", "table.js", "picture.js", "sheet.js", "page.js", "start_report.js")


def report_page(reports: Sequence[Report], specs: Sequence[NetworkSpec], options: PageOptions) -> str:
    """Return the page about some networks; ``specs`` are these as published, whose figures are checked.

    Raises RequestError for an unknown column or a network too large for a page, SpecError for figures that cannot be
    read.
    """
    parts = [
        network(report, spec, options, number) for number, (report, spec) in enumerate(zip(reports, specs, strict=True))
    ]
    several = [_comparison(reports, options), tabs(part.name for part in parts)] if len(parts) > 1 else []
    names = [report.title for report in reports] if len(reports) < 3 else [part.name for part in parts]
    body = tag("div", masthead(), main(*several, *(part.html for part in parts)), class_="page")
    return document(f"{', '.join(names)} · archcalc", body, {"networks": [part.data for part in parts]}, SCRIPTS)


def _comparison(reports: Sequence[Report], options: PageOptions) -> Html:
    grids = ComparePage(compare(reports, options.counting), options.si).grids()
    parts = [table(grid, "Networks side by side") for grid in grids]
    chart, left_out = comparison(reports) if options.counting == OWN else ([], ())
    said = [note for grid in grids for note in grid.below()]
    return tag(
        "section",
        tag("header", tag("h2", "Side by side")),
        *parts,
        tag("div", notes(said), class_="notes small"),
        *([tag("div", *chart, notes(left_out), class_="drawing")] if chart else []),
        class_="panel compare",
        aria_label="Networks side by side",
    )
