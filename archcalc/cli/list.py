"""``archcalc list``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed, printing
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("list", short_help="The networks that archcalc knows.")
@click.argument("words", metavar="[WORD]...", nargs=-1, shell_complete=completed("networks"))
@printing()
@requested
def command(request: Request, words: tuple[str, ...]) -> None:
    """List archcalc's own networks: name, title, year, input, parameters, MACs.

    \b
    Examples:
      archcalc list
      archcalc list resnet vgg
      archcalc list --format csv

    With WORDs, only those whose name, alias or title contains one of them.
    """
    from archcalc.errors import RequestError, printable
    from archcalc.render.networks import ListPage
    from archcalc.summaries import summaries

    lower = [word.lower() for word in words]
    listed = [
        network
        for network in summaries()
        if not lower
        or any(word in text.lower() for word in lower for text in (network.name, network.title, *network.aliases))
    ]
    if not listed:
        raise RequestError(f"no network has '{printable(' or '.join(words))}' in its name or title")
    request.emit(ListPage(listed))
