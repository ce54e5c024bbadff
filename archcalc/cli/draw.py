"""``archcalc draw``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, network, output_file
from archcalc.cli.output import deliver_picture, keep
from archcalc.cli.request import requested
from archcalc.cli.types import WholeNumber, Words
from archcalc.draw.formats import ENDINGS, FORMATS
from archcalc.draw.options import COLORS, DIRECTIONS, Options

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("draw", short_help="Draw a network as boxes and edges.")
@network
@analysis
@click.option(
    "-d", "--depth", "levels", type=WholeNumber(1), metavar="N",
    help="Unfold composites N levels deep.  [default: as deep as fits on a page]",
)  # fmt: skip
@click.option("-a", "--all", "every", is_flag=True, help="A box for every primitive layer; nothing is folded.")
@click.option(
    "-b", "--block", metavar="NAME", default="", shell_complete=completed("blocks"),
    help="Only a block of the spec, or a composite by its path.",
)  # fmt: skip
@click.option(
    "--direction", type=Words(DIRECTIONS), default="down", show_default=True,
    help="Direction; right: in lines, for slides.",
)  # fmt: skip
@click.option(
    "--color", type=Words(COLORS), default="op", show_default=True,
    help="Colour boxes by kind of operation, or by their share of a total.",
)  # fmt: skip
@click.option("-f", "--format", type=Words(tuple(FORMATS)), help="Output format.  [default: svg]")
@output_file
@click.option("--ascii", is_flag=True, expose_value=False, callback=keep, help="Write ASCII characters only.")
@requested
def command(request: Request, levels: int | None, block: str, direction: str, color: str) -> None:
    """Draw a network: its layers, the size of every map, and where skips lead.

    \b
    Examples:
      archcalc draw googlenet -o googlenet.svg
      archcalc draw resnet50 --direction right -o resnet50.svg
      archcalc draw resnet50 --block bottleneck -o block.svg
      archcalc draw mobilenet-v2 --color macs -o costs.svg
      archcalc draw unet --depth 1 --format mermaid
      archcalc draw vgg16 -o vgg16.pdf

    Composites are unfolded as far as they fit on a page, or --depth levels as for show; equal ones in a row are drawn
    once, with ×N. --all draws a box for every layer. --block draws one block with its arguments, like a figure in a
    paper.

    An SVG follows the reader's light or dark setting, and boxes have tooltips. dot, mermaid and tikz are text
    for Graphviz, Markdown and LaTeX. png and pdf need an extra: pip install 'archcalc[draw]'. The ending of FILE
    chooses the format: .svg .png .pdf .dot .gv .mmd .tex.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.draw.drawing import drawing

    options = Options(levels, request.every, block, direction, color)
    format = request.format_to_write(ENDINGS, "svg")
    deliver_picture(drawing(request.report, options, format), request.output, is_xml=FORMATS[format].is_xml)
