"""A chart in any of its formats, for Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.charts.formats import FORMATS
from archcalc.draw.viewable import Viewable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.charts.content import Content
    from archcalc.draw.formats import Format


class Chart(Viewable):
    """A chart, for Python: a notebook shows it.

    Its formats are svg and vega (Vega-Lite, as JSON), which are text, and png and pdf.
    """

    content: Content

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was left out of it, and why."""
        return self.content.remarks

    def formats(self) -> Mapping[str, Format]:
        """Return the formats of charts."""
        return FORMATS

    def vega(self) -> dict[str, Any]:
        """Return it as Vega-Lite, version 5: plain data."""
        from archcalc.charts.formats.kinds import vega

        return vega(self.content)

    def write(self, format: str) -> str | bytes:
        """Return it in a format."""
        if format == "vega":
            from json import dumps

            return dumps(self.vega(), indent=1) + "\n"
        text = self.content.picture().svg()
        if format == "svg":
            return text
        from archcalc.draw.formats import raster

        return raster.png(text) if format == "png" else raster.pdf(text)
