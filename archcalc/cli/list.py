"""``archcalc list``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed, printing
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("list", short_help="List the networks that archcalc knows.")
@click.argument("words", metavar="[WORD]...", nargs=-1, shell_complete=completed("networks"))
@printing()
@requested
def command(request: Request, words: tuple[str, ...]) -> None:
    """List archcalc's own networks and the models of libraries: name, title, year, input, parameters, MACs.

    \b
    Examples:
      archcalc list
      archcalc list resnet vgg
      archcalc list torchvision:
      archcalc list timm:regnet keras:
      archcalc list --format csv

    With WORDs, only those whose name, alias or title contains one of them. LIBRARY: lists the models of torchvision,
    keras or timm, by their names there. A word without a colon finds those too, but as the network of the zoo that they
    are, where they are one.
    """
    from archcalc.errors import RequestError, printable
    from archcalc.render.networks import ListPage
    from archcalc.summaries import having

    listed = having(words)
    if not listed:
        raise RequestError(f"no network has '{printable(' or '.join(words))}' in its name or title")
    request.emit(ListPage(listed))
