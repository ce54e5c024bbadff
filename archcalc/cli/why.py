"""``archcalc why``."""

from __future__ import annotations

import click

from archcalc.cli import request
from archcalc.cli.output import completed, emit, printing


@click.command("why", short_help="Why a figure is another one: variant, input size and convention.")
@click.argument("network", metavar="NET", shell_complete=completed("networks"))
@click.option("--reported", metavar="FIGURE", help="A figure: 4.13G, 8.2 GFLOPs, 25.6M params, 93MB.")
@click.option("--from", "first", metavar="A", help="Convention, network, NET:CONVENTION or figure; macs if left out.")
@click.option("--to", "last", metavar="B", help="The same, for the other end.")
@click.option("--of", "quantity", type=click.Choice(["work", "params", "memory"]), help="What --from and --to count.")
@click.option("--convention", "own", metavar="FILE", multiple=True, help="Conventions of your own: FILE.yaml[:NAME].")
@click.option("-i", "--input", metavar="SIZE", help="Input size: 224, 224x320 (height x width) or 3x224x224.")
@click.option("-s", "--set", "settings", metavar="ARG=VALUE", multiple=True, help="Set an argument of the spec.")
@click.option("--batch", type=click.IntRange(1), default=1, show_default=True, help="Images at once.")
@click.option("--training", is_flag=True, help="Count branches that exist in training only.")
@printing()
@click.pass_context
def command(
    context: click.Context,
    network: str,
    reported: str | None,
    first: str | None,
    last: str | None,
    quantity: str | None,
    own: tuple[str, ...],
    input: str | None,
    settings: tuple[str, ...],
    batch: int,
    training: bool,
    format: str,
    output: str | None,
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
    from archcalc.conventions.convention import asked as convention
    from archcalc.conventions.convention import conventions
    from archcalc.language.networks import input_size
    from archcalc.render import why as render

    if (reported is None) == (last is None) or (reported is not None and (first or quantity)):
        raise click.UsageError("write --reported FIGURE, or --to B with or without --from A", context)
    start = Network(0, request.spec(network, settings), input_size(input), training)
    rules = [*conventions().values(), *(convention(name) for name in own)]
    if reported is not None:
        found = search(read_reported(reported), start, rules, batch)
        page = render.reported(reading("macs", start, rules, None, batch), found)
    else:
        goal = reading(last or "macs", start, rules, quantity, batch)
        page = render.DifferencePage(reading(first or "macs", start, rules, quantity or goal.quantity, batch), goal)
    emit(page, format, output, {start.spec.family.source.file})
    if reported is not None and not found.answers:
        context.exit(1)
