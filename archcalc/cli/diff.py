"""``archcalc diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, printing, si
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("diff", short_help="Compare two networks layer by layer, with the cost of each change.")
@click.argument("first", metavar="A", shell_complete=completed("networks"))
@click.argument("second", metavar="B", shell_complete=completed("networks"))
@analysis
@si
@printing()
@click.pass_context
@requested
def command(context: click.Context, request: Request, first: str, second: str) -> None:
    """Compare networks A and B layer by layer: added, removed, changed, moved, with what each costs, and the totals.

    \b
    Examples:
      archcalc diff resnet50 resnet50-v1.5
      archcalc diff old.yaml new.yaml
      archcalc diff resnet50 model.onnx          another program's file
      archcalc diff - net.yaml                   the first on standard input

    Layers are matched by name, then by operation and settings. --input and --set apply to both. The exit status is 1 if
    the networks differ in more than names.
    """
    from archcalc.analyses.difference import difference
    from archcalc.render.difference import DifferencePage

    before, after = request.replace(networks=(first, second)).reports
    names = (before.name, after.name) if before.name != after.name else (first, second)
    found = difference(before, after)
    request.emit(DifferencePage(found, names, request.si))
    if not found.same:
        context.exit(1)
