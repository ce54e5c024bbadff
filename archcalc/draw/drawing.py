"""A report as a picture, in any of the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.draw.formats import ENDINGS, FORMATS
from archcalc.errors import RequestError, did_you_mean, one_of, printable
from archcalc.record import Record

if TYPE_CHECKING:
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


class Drawing(Record):
    """A picture of a report, for Python: a notebook shows it."""

    report: Report
    options: Options

    def to(self, format: str) -> str | bytes:
        """Return it in a format: svg, dot, mermaid or tikz as text, png or pdf as bytes."""
        if format not in FORMATS:
            raise RequestError(
                f"no format '{printable(format)}'{did_you_mean(format, FORMATS) or f': {one_of(FORMATS)}'}"
            )
        return drawing(self.report, self.options, format)

    @property
    def svg(self) -> str:
        """The picture as SVG."""
        text = self.to("svg")
        assert isinstance(text, str)
        return text

    def save(self, path: str) -> None:
        """Write it to a file, whose ending says the format: .svg .png .pdf .dot .mmd .tex."""
        import os

        _, ending = os.path.splitext(path)
        if ending.lower() not in ENDINGS:
            raise RequestError(f"{printable(path)}: no format has this ending (there are {', '.join(ENDINGS)})")
        data = self.to(ENDINGS[ending.lower()])
        with open(path, "wb") as file:
            file.write(data.encode() if isinstance(data, str) else data)

    def __str__(self) -> str:
        """The SVG."""
        return self.svg

    def _repr_svg_(self) -> str:
        """Show it in a notebook."""
        return self.svg
