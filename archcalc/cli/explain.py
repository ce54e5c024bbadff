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
@click.argument("layer", metavar="[LAYER]", required=False, shell_complete=completed("layers"))
@analysis
@si
@convention("Also derive what a convention counts (archcalc conventions), or FILE.yaml[:NAME].")
@printing()
@requested
def command(request: Request, layer: str | None) -> None:
    """Derive every number of a LAYER: its formula, the formula with numbers, the result.

    \b
    Examples:
      archcalc explain alexnet conv1
      archcalc explain alexnet conv1 --input 224
      archcalc explain googlenet 3a              a composite, layer by layer
      archcalc explain vgg16                     the totals

    Without a LAYER: the totals of the network, operation by operation, and what its spec says about it. LAYER may name
    a composite (conv2_x, 3a); names are those of `archcalc show NET --all`.
    """
    from archcalc.render.explain import NetworkPage, layer_page

    page: Page
    if layer is None:
        page = NetworkPage(request.report, request.si, request.convention)
    else:
        page = layer_page(request.report, layer, si=request.si, convention=request.convention)
    request.emit(page)
