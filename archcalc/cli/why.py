"""``archcalc why``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import convention, network, printing, size_and_settings, training
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("why", short_help="Why a figure is another one: variant, input size and convention.")
@network
@click.option("--reported", metavar="FIGURE", help="A figure: 4.13G, 8.2 GFLOPs, 25.6M params, 93MB.")
@click.option("--from", "first", metavar="A", help="Convention, network, NET:CONVENTION or figure; macs if left out.")
@click.option("--to", "last", metavar="B", help="The same, for the other end.")
@click.option("--of", "quantity", type=click.Choice(["work", "params", "memory"]), help="What --from and --to count.")
@convention("Conventions of your own: FILE.yaml[:NAME].", several=True)
@size_and_settings
@training
@printing()
@click.pass_context
@requested
def command(
    context: click.Context,
    request: Request,
    reported: str | None,
    first: str | None,
    last: str | None,
    quantity: str | None,
) -> None:
    """Say which network, input size and convention give a reported figure, and take a difference apart.

    \b
    Examples:
      archcalc why resnet50 --reported 4.09G
      archcalc why resnet50 --reported "8.2 GFLOPs"
      archcalc why vgg16 --reported 93MB
      archcalc why resnet50-v1.5 --from fvcore --to thop
      archcalc why resnet50 --to resnet50-v1.5:thop

    With --reported, the network, its family, common input sizes and every convention are tried; the exit status is
    1 if none of them gives the figure. With --from and --to, the difference is shown as terms that add up to it.
    """
    from archcalc.analyses.why.candidates import Network
    from archcalc.analyses.why.search import read_reported, reading, search
    from archcalc.conventions.convention import conventions
    from archcalc.render import why as render

    if (reported is None) == (last is None) or (reported is not None and (first or quantity)):
        raise click.UsageError("write --reported FIGURE, or --to B with or without --from A", context)
    (spec,) = request.specs
    start = Network(0, spec, request.size, request.training)
    rules = [*conventions().values(), *request.rules]
    batch = request.batch
    if reported is not None:
        found = search(read_reported(reported), start, rules, batch)
        request.emit(render.reported(reading("macs", start, rules, None, batch), found))
        if not found.answers:
            context.exit(1)
        return
    goal = reading(last or "macs", start, rules, quantity, batch)
    request.emit(render.DifferencePage(reading(first or "macs", start, rules, quantity or goal.quantity, batch), goal))
