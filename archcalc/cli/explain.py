"""``archcalc explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, convention, network, printing, si
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request
    from archcalc.render.page import Page


@click.command("explain", short_help="Derive the numbers of a layer or of a network.")
@network
@click.argument("layers", metavar="[LAYER]...", nargs=-1, shell_complete=completed("layers"))
@analysis
@si
@convention("Also derive what a convention counts (archcalc conventions), or FILE.yaml[:NAME].")
@printing()
@requested
def command(request: Request, layers: tuple[str, ...]) -> None:
    """Derive every number of each LAYER: its formula, the formula with numbers, the result.

    \b
    Examples:
      archcalc explain alexnet conv1
      archcalc explain alexnet conv1 --input 224
      archcalc explain googlenet 3a              a composite, layer by layer
      archcalc explain vgg16                     the totals
      archcalc explain -i 3x227x227 "conv: {filters: 96, kernel: 11, stride: 4}"

    Without a LAYER: the totals of the network, operation by operation, and what its spec says about it. LAYER may name
    a composite (conv2_x, 3a); names are those of `archcalc show NET --all`. Instead of NET: one layer as in a spec, or
    a list of layers ("[conv: 64, bn, relu]"), and --input for the input of the first.
    """
    from archcalc.errors import COMMAND_LINE
    from archcalc.render.explain import NetworkPage, layer_page

    page: Page
    report = request.report
    if layers or report.network.spec.family.source.file == COMMAND_LINE:
        page = layer_page(report, layers, si=request.si, convention=request.convention)
    else:
        page = NetworkPage(report, request.si, request.convention)
    request.emit(page)
