"""``archcalc compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, convention, networks, printing, si
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("compare", short_help="Compare networks: totals, ratios and error rates.")
@networks()
@analysis
@si
@convention("Count by a convention (archcalc conventions), or FILE.yaml[:NAME].")
@click.option("--device", metavar="CARD", shell_complete=completed("devices"),
              help="Also estimate times on a device (archcalc devices), or FILE.yaml[:NAME].")  # fmt: skip
@click.option("--layers", is_flag=True, help="Layers side by side: a column for each NET, rows by size.")
@click.option("--no-bars", is_flag=True, help="Ratios without bars.")
@printing()
@requested
def command(request: Request, device: str | None, layers: bool, no_bars: bool) -> None:
    """Compare networks: parameters, model size, activation memory, MACs, depth, receptive field, error rates.

    \b
    Examples:
      archcalc compare alexnet googlenet resnet50
      archcalc compare plain34 resnet34 --format markdown
      archcalc compare vgg16 my_net.yaml --input 160
      archcalc compare --layers vgg11 vgg13 vgg16 vgg19
      archcalc compare resnet50 vgg16 --device rtx3090 --dtype float16 --batch 64

    Ratios are to the first network. --input and --set apply to all of them. NET is a network's name (archcalc list),
    a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    if layers:
        from archcalc.render.configurations import SideBySidePage

        if device or request.conventions:
            raise click.UsageError("--layers is a table of its own; leave out --device and --convention")

        request.emit(SideBySidePage(request.reports))
        return
    from archcalc.analyses.comparison import compare
    from archcalc.analyses.counting import Counting
    from archcalc.render.compare import ComparePage

    comparison = compare(request.reports, Counting(request.convention))
    if device is None:
        request.emit(ComparePage(comparison, request.si, not no_bars))
        return
    from archcalc.analyses.time.estimate import time
    from archcalc.analyses.time.options import TimeOptions
    from archcalc.render.time.compare import TimedComparePage

    card = request.device(device)
    estimates = [time(report, card, TimeOptions(optimizer="none")) for report in request.reports]
    request.emit(TimedComparePage(comparison, request.si, not no_bars, estimates))
