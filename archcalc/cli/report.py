"""``archcalc report``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, convention, networks, output_file, si
from archcalc.cli.output import deliver
from archcalc.cli.request import requested
from archcalc.cli.types import Words
from archcalc.errors import RequestError, printable

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("report", short_help="Write a web page about networks, in one file.")
@networks()
@analysis
@click.option("-c", "--columns", metavar="WORDS", shell_complete=completed("columns"),
              help="Columns, as for show; +WORD adds to the default ones.")  # fmt: skip
@si
@click.option("--count", type=Words(["macs", "flops"]), default="macs", help="Unit of work: 1 MAC = 2 FLOPs.")
@convention("Count by a convention (archcalc conventions), or FILE.yaml[:NAME].")
@output_file
@requested
def command(request: Request, columns: str | None, count: str) -> None:
    """Write a page about each NET: picture, layer table, derivations, totals, remarks and published figures.

    \b
    Examples:
      archcalc report resnet50 -o resnet50.html
      archcalc report alexnet vgg16 googlenet resnet50 -o lecture.html
      archcalc report my_net.yaml --input 160 -o my_net.html
      archcalc report vgg16 --columns +receptive_field,+macs_share -o vgg16.html

    The page is a single file that loads nothing from elsewhere: mail it, print it, open it offline. Clicking a box or a
    row shows where its numbers come from; rows unfold, columns sort, boxes are coloured by operation, MACs, parameters
    or memory. Several networks are compared.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.analyses.counting import Counting
    from archcalc.web.network import PageOptions
    from archcalc.web.report import report_page

    flops = count == "flops"
    if flops and request.conventions:
        raise click.UsageError("--convention already says how work is counted; leave out --count flops")
    _, ending = os.path.splitext(request.output or "")
    if ending.lower() not in ("", ".html", ".htm"):
        raise RequestError(f"{printable(request.output or '')}: a report is HTML; call the file .html")
    options = PageOptions(columns, request.si, Counting(request.convention, flops))
    deliver(report_page(request.reports, request.specs_as_written, options).encode(), request.output)
