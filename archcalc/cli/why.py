"""``archcalc why``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import convention, network, printing, size_and_settings, training
from archcalc.cli.request import requested
from archcalc.cli.types import Words

if TYPE_CHECKING:
    from archcalc.analyses.why.candidates import Candidate
    from archcalc.cli.request import Request
    from archcalc.conventions.convention import Convention


@click.command("why", short_help="Find out why a reported figure differs.")
@network
@click.argument("figure", nargs=-1, metavar="[FIGURE]")
@click.option("--reported", metavar="FIGURE", help="The figure, as an option: 4.13G, 8.2 GFLOPs, 25.6M params, 93MB.")
@click.option("--from", "first", metavar="A", help="Convention, network, NET:CONVENTION or figure.  [default: macs]")
@click.option("--to", "last", metavar="B", help="The same, for the other end.")
@click.option("--of", "quantity", type=Words(["work", "params", "memory"]), help="What --from and --to count.")
@convention("Conventions of your own: FILE.yaml[:NAME].", several=True)
@size_and_settings
@training
@printing()
@click.pass_context
@requested
def command(
    context: click.Context,
    request: Request,
    figure: tuple[str, ...],
    reported: str | None,
    first: str | None,
    last: str | None,
    quantity: str | None,
) -> None:
    """Say which network, input size and convention give a reported FIGURE, or break a difference down.

    \b
    Examples:
      archcalc why resnet50 4.09G
      archcalc why resnet50 8.2 GFLOPs
      archcalc why vgg16 93MB
      archcalc why resnet50-v1.5 --from fvcore --to thop
      archcalc why resnet50 --to resnet50-v1.5:thop

    A figure is looked up among the published ones; then other definitions, conventions, numbers of classes, input sizes
    and the family are tried. An answer is given only if a coincidence is unlikely; otherwise the exit status is 1. With
    --from and --to, the difference is shown as a sum of terms.
    """
    from archcalc.analyses.why.candidates import Candidate
    from archcalc.conventions.convention import conventions

    if figure and reported is None:
        reported = " ".join(figure)
        figure = ()
    if figure or (reported is None) == (last is None) or (reported is not None and (first or quantity)):
        raise click.UsageError("write a FIGURE, or --to B with or without --from A", context)
    spec = request.report.network.spec  # analysed, so that an --input or --set that it cannot take is refused
    start = Candidate(0, spec, request.size, request.training)
    rules = (*conventions().values(), *request.rules)
    if reported is not None:
        if not _explain(request, reported, start, rules):
            context.exit(1)
        return
    from archcalc.analyses.why.ends import end
    from archcalc.render.why import DifferencePage

    goal = end(last or "macs", start, rules, quantity, request.batch)
    first_end = end(first or "macs", start, rules, quantity or goal.quantity, request.batch)
    request.emit(DifferencePage(first_end, goal))


def _explain(request: Request, reported: str, start: Candidate, rules: tuple[Convention, ...]) -> bool:
    """Print what explains a reported figure, and return whether something does."""
    from archcalc.analyses.why.ledger import look_up
    from archcalc.analyses.why.reported import read_reported
    from archcalc.analyses.why.search import search
    from archcalc.render.why import page

    figure = read_reported(reported)
    ledger = look_up(figure, start.spec)
    outcome = search(figure, start, rules, request.batch, ledger.values)
    request.emit(page(outcome, ledger))
    return outcome.answer is not None or bool(ledger.whole)
