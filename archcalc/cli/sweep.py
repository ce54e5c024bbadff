"""``archcalc sweep``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, printing, si
from archcalc.cli.request import requested
from archcalc.cli.types import WholeNumber

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("sweep", short_help="Analyse a network at many combinations of values.")
@click.argument("words", metavar="NET... ARG=VALUES...", nargs=-1, required=True, shell_complete=completed("swept"))
@analysis
@click.option(
    "--device", metavar="CARD", shell_complete=completed("devices"), help="Also estimate the time on a device."
)
@click.option("--where", metavar="EXPR", help='Keep what satisfies a condition: "macs <= 300M and params <= 3M".')
@click.option("--pareto", metavar="X,Y", help="Keep what no other variant beats in all of these.")
@click.option("--sort", metavar="X", help="Order rows by a quantity or argument; -X: the largest first.")
@click.option("--top", type=WholeNumber(1), metavar="N", help="Keep the first N rows.")
@si
@printing()
@requested
def command(
    request: Request,
    words: tuple[str, ...],
    device: str | None,
    where: str | None,
    pareto: str | None,
    sort: str | None,
    top: int | None,
) -> None:
    """Analyse a network at every combination of values of its arguments, input, batch, type and device.

    \b
    Examples:
      archcalc sweep mobilenet-v1 alpha=0.25..1:0.25 resolution=128..224:32
      archcalc sweep resnet50 input=160..288:32 batch=1,32 --device rtx3090
      archcalc sweep resnet50 n4=3..30 --where "macs <= 6G and params < 30M"
      archcalc sweep mobilenet-v1 alpha=0.25,0.5,0.75,1 --pareto macs,top1_error
      archcalc sweep resnet18 resnet50 dtype=float32,int8 --sort memory
      archcalc sweep vgg16 input=32..512 --format csv -o sizes.csv

    VALUES are words and numbers separated by commas, and ranges FROM..TO or FROM..TO:STEP. ARG is an argument of the
    spec, input, input_height, input_width, input_channels, batch, dtype or device. The last varies fastest.

    Quantities: params, macs, memory (memory_bytes), memory_values, model_bytes, depth; time and images_per_second with
    --device; peak, running and training memory; published top1_error, top5_error, top1_accuracy, top5_accuracy.
    Amounts may have units: K M G, KiB MiB GiB, us ms s, %.

    Variants that cannot be built are counted, and the first is named. Ctrl-C keeps the finished rows (exit status 130).
    NET is a network's name (archcalc list), a spec file or - (standard input).
    """
    from archcalc.analyses.sweep.order import read_choice
    from archcalc.analyses.sweep.sweep import sweep
    from archcalc.cli.progress import Progress
    from archcalc.cli.sweeping import ordered, tell
    from archcalc.render.sweep import SweepPage

    request, order = ordered(request, words, device, where)
    choice = read_choice(order.names, pareto, sort, top)
    order = order._replace(words=choice.words(order.names))
    with Progress("variants") as progress:
        found = sweep(order, choice, progress=progress)
    request.emit(SweepPage(found, request.si))
    tell(request, found)
