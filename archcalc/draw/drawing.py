"""A report as a picture, in any of the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.formats import FORMATS
from archcalc.draw.viewable import Viewable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.draw.formats import Format
    from archcalc.draw.options import Options
    from archcalc.engine.report import Report


def drawing(report: Report, options: Options, format: str = "svg") -> str | bytes:
    """Return a picture of a report, or of a part of it, in a format of :mod:`archcalc.draw.formats`.

    Raises RequestError for a block that there is not, and where a format needs a package that is missing.
    """
    from archcalc.draw.choice import chosen, headline
    from archcalc.draw.compose import Composer

    options.check()
    drawn, naming = chosen(report, options)
    composer = Composer(drawn, naming, options)
    title, subtitle = headline(report, naming, drawn.root.path)
    if format == "dot":
        from archcalc.draw.formats import dot

        return dot.write(composer, title, subtitle)
    if format == "mermaid":
        from archcalc.draw.formats import mermaid

        return mermaid.write(composer, title)
    picture = composer.picture(title, subtitle)
    if format == "tikz":
        from archcalc.draw.formats import tikz

        return tikz.write(picture)
    from archcalc.draw.formats import raster, svg

    text = svg.write(picture)
    return text if format == "svg" else raster.png(text) if format == "png" else raster.pdf(text)


class Drawing(Viewable):
    """A picture of a report, for Python: a notebook shows it.

    Its formats are svg, dot, mermaid and tikz, which are text, and png and pdf.
    """

    report: Report
    options: Options

    def formats(self) -> Mapping[str, Format]:
        """Return the formats of pictures."""
        return FORMATS

    def write(self, format: str) -> str | bytes:
        """Return it in one of them."""
        return drawing(self.report, self.options, format)
