"""``archcalc list``."""

from __future__ import annotations

import click

from archcalc.cli.output import completed, emit, printing


@click.command("list", short_help="The networks that archcalc knows.")
@click.argument("words", metavar="[WORD]...", nargs=-1, shell_complete=completed("networks"))
@printing()
def command(words: tuple[str, ...], format: str, output: str | None) -> None:
    """List archcalc's own networks: name, title, year, input, parameters, MACs.

    \b
    Examples:
      archcalc list
      archcalc list resnet vgg
      archcalc list --format csv

    With WORDs, those whose name, alias or title has one of them.
    """
    from archcalc.errors import RequestError, printable
    from archcalc.render.networks import ListPage
    from archcalc.summaries import summaries

    wanted = [word.lower() for word in words]
    found = [
        each
        for each in summaries()
        if not wanted or any(word in text.lower() for word in wanted for text in (each.name, each.title, *each.aliases))
    ]
    if not found:
        raise RequestError(f"no network has '{printable(' or '.join(words))}' in its name or title")
    emit(ListPage(found), format, output)
