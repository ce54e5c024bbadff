"""The page of ``show``: a layer table for each network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.render.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.engine.report import Report
    from archcalc.render.page import Grid, Table
    from archcalc.render.table_options import TableOptions
    from archcalc.render.view import View


class ShowPage(Page):
    """The layer tables of some networks."""

    reports: Sequence[Report]
    options: TableOptions

    def grids(self) -> list[Grid]:
        """Return the layer table of each network."""
        from archcalc.render.columns import choose
        from archcalc.render.layer_table import grid

        columns = choose(self.options.columns)
        return [grid(view, columns, self.options) for view in self._views()]

    def tables(self) -> list[Table]:
        """Return the same rows with exact values."""
        from archcalc.render.columns import choose
        from archcalc.render.layer_table import table

        columns = choose(self.options.columns)
        return [table(view, columns, self.options) for view in self._views()]

    def data(self) -> Any:
        """Return every layer, whatever rows there are: one object for one network, a list for several."""
        from archcalc.render.data import report_to_json

        data = [report_to_json(report, self.options.counting) for report in self.reports]
        return data[0] if len(data) == 1 else data

    def _views(self) -> Iterator[View]:
        from archcalc.render.view import view

        return (view(report, self.options.counting, si=self.options.si) for report in self.reports)


def page(reports: Sequence[Report], options: TableOptions) -> ShowPage:
    """Return the page of some networks; raise RequestError for an unknown column, whatever the format."""
    if options.columns or options.sort:
        from archcalc.render.columns import choose, column

        choose(options.columns)
        column(options.sort or "layer")
    return ShowPage(reports, options)
