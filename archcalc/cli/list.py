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
@click.option("--family", metavar="NAME", help="Only networks of this family: resnet, or the name of a member.")
@click.option("--year", metavar="YEARS", help="Only networks of these years: 2015, 2014-2016, 2020-.")
@click.option("--sort", metavar="COLUMN", default="year", show_default=True,
              help="Sort by a column; with - in front, from the largest.")  # fmt: skip
@click.option("-c", "--columns", metavar="WORDS", help="Columns, with commas.")
@printing()
@requested
def command(
    request: Request, words: tuple[str, ...], family: str | None, year: str | None, sort: str, columns: str | None
) -> None:
    """List archcalc's own networks and the models of libraries: name, title, year, input, parameters, MACs.

    \b
    Examples:
      archcalc list
      archcalc list resnet cifar
      archcalc list --family vgg --sort -params
      archcalc list --year 2014-2016 --columns network,params,macs
      archcalc list timm:regnet keras:
      archcalc list --format csv

    With WORDs, only those whose name, title or year contains all of them. LIBRARY: lists the models of torchvision,
    keras or timm, by their names there. A word without a colon finds them too, under the name of the same network in
    the zoo if there is one.

    Columns: network title also libraries year input params macs. Small examples from lectures come last.
    """
    from archcalc.errors import RequestError, printable
    from archcalc.render.networks import ListPage, chosen, in_order
    from archcalc.summaries import having

    shown = chosen(columns)
    listed = in_order(having(words), sort)
    if family is not None:
        members = _members(family)
        listed = [network for network in listed if members & {network.name, *network.aliases}]
    if year is not None:
        first, last = _years(year)
        listed = [network for network in listed if network.year is not None and first <= network.year <= last]
    if not listed:
        asked = " and ".join([*words, *filter(None, (family, year))])
        raise RequestError(f"no network has '{printable(asked)}' in its name, title or year")
    request.emit(ListPage(listed, shown))


def _members(family: str) -> set[str]:
    """Return the names of a family, given by its name or that of a network in it."""
    from archcalc.language.networks import networks_of
    from archcalc.zoo import find, find_all

    found = find_all(family)
    every = found if len(found) > 1 else [*networks_of(find(family).family)]
    return {name for spec in every for name in (spec.name, *spec.aliases)}


def _years(text: str) -> tuple[int, int]:
    """Read a year, or the first and the last of several, either of which may be left out."""
    import re

    from archcalc.errors import RequestError, printable

    found = re.fullmatch(r"([0-9]{4})?(-|–|\.\.)?([0-9]{4})?", text.replace(" ", ""))
    if found is None or not (found[1] or found[3]):
        raise RequestError(f"--year {printable(text)}: write 2015, 2014-2016, 2020- or -2012")
    first = int(found[1] or 0)
    return first, int(found[3] or 9999) if found[2] else first
