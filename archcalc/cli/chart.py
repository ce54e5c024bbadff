"""``archcalc chart``: a group of commands, one for each kind of chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archcalc.charts.formats import ENDINGS, FORMATS
from archcalc.charts.quantities import QUANTITIES, SIZES
from archcalc.cli.options import analysis, completed, network, networks, output_file, unfolding
from archcalc.cli.output import deliver_picture, keep
from archcalc.cli.request import requested
from archcalc.cli.types import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.charts.chart import Chart
    from archcalc.cli.request import Request


class Charts(click.Group):
    """A group that suggests the nearest kind of chart, and says what there are."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the kind; raise UsageError with the nearest where there is no such kind."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            from archcalc.errors import did_you_mean, printable

            hint = did_you_mean(args[0], self.commands) or f"; there are {', '.join(self.commands)}"
            raise click.UsageError(f"no chart '{printable(args[0])}'{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group("chart", cls=Charts, short_help="Draw charts: networks compared, layers, memory, time, errors.")
def command() -> None:
    """Draw charts of networks as SVG, PNG, PDF or Vega-Lite.

    \b
    Examples:
      archcalc chart compare alexnet vgg16 googlenet resnet50 -o compared.svg
      archcalc chart layers vgg16 -o layers.svg
      archcalc chart memory unet -o memory.svg
      archcalc chart time resnet50 --device rtx3090 -o time.svg
      archcalc chart errors -o errors.svg

    An SVG follows the reader's light or dark setting, and has tooltips. png and pdf need an extra: pip install
    'archcalc[draw]'; vega is Vega-Lite, for other programs. The ending of FILE chooses the format: .svg .png .pdf
    .json.
    """


def written(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add how a chart is written: its format, file and characters."""
    for option in (
        click.option("--ascii", is_flag=True, expose_value=False, callback=keep, help="Write ASCII characters only."),
        output_file,
        click.option("-f", "--format", type=Words(tuple(FORMATS)), help="Format.  [default: svg]"),
    ):
        function = option(function)
    return function


def device(required: bool) -> Callable[..., Any]:
    """Add the device that times are estimated on."""
    return click.option(
        "--device", metavar="CARD", required=required, shell_complete=completed("devices"),
        help="Device for estimates of time (archcalc devices), or FILE.yaml[:NAME].",
    )  # fmt: skip


def _deliver(request: Request, made: Callable[[], Chart]) -> None:
    """Write a chart where it was requested; say what was left out of it."""
    from archcalc.cli.streams import say

    format = request.format_to_write(ENDINGS, "svg")
    chart = made()
    for remark in chart.remarks:
        say(remark)
    deliver_picture(chart.to(format), request.output, is_xml=FORMATS[format].is_xml)


@command.command("compare", short_help="Networks as bubbles: accuracy against work, area for parameters.")
@networks()
@analysis
@click.option(
    "--x",
    metavar="WORD",
    type=Words(tuple(QUANTITIES)),
    default="macs",
    show_default=True,
    help="Quantity on the x axis.",
)
@click.option(
    "--y",
    metavar="WORD",
    type=Words(tuple(QUANTITIES)),
    default="top1",
    show_default=True,
    help="Quantity on the y axis.",
)
@click.option("--size", type=Words(SIZES), default="params", show_default=True, help="Quantity shown as area.")
@device(required=False)
@written
@requested
def compare(request: Request, x: str, y: str, size: str, device: str | None) -> None:
    """Compare networks: a bubble for each, by default accuracy against MACs with an area for its parameters.

    \b
    Examples:
      archcalc chart compare alexnet vgg16 googlenet resnet50 -o compared.svg
      archcalc chart compare resnet18 resnet50 resnet152 --x params
      archcalc chart compare vgg16 resnet50 --x time --device rtx3090
      archcalc chart compare wrn-28-10 resnet20-cifar --y error

    Quantities are macs, params, memory, depth, year, time (on a --device), and what was published: top1, top5,
    top1_error, top5_error, and for other data than ImageNet accuracy and error.

    Accuracies are published ones, of one crop where that was measured, since work is counted for one; below the chart
    stands how each was measured. Networks without one are left out. NET is a network's name (archcalc list), a spec
    file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.charts import make

    card = None if device is None else request.device(device)
    _deliver(request, lambda: make.compare(request.reports, x=x, y=y, size=size, device=card))


@command.command("layers", short_help="Memory, parameters and MACs of each row of a network.")
@network
@analysis
@unfolding
@written
@requested
def layers(request: Request) -> None:
    """Draw the layer table of a network: bars of memory, parameters and MACs of each row.

    \b
    Examples:
      archcalc chart layers vgg16 -o layers.svg
      archcalc chart layers googlenet --depth 2 -o layers.svg

    A composite (conv2_x, an inception module) is one row; --depth unfolds it, --all has a row for every layer. NET is a
    network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.charts import make

    _deliver(request, lambda: make.layers(request.report, depth=request.depth, every=request.every))


@command.command("memory", short_help="Memory over time, with the peak.")
@network
@analysis
@click.option("--share-concat", "share", is_flag=True, help="Write branches directly into their concatenation.")
@click.option("--fold-bn", "fold", is_flag=True, help="Merge batch norm into the layer before it.")
@written
@requested
def memory(request: Request, share: bool, fold: bool) -> None:
    """Draw the memory that a network takes when it runs: what is alive at each step, and where the peak is.

    \b
    Examples:
      archcalc chart memory unet -o memory.svg
      archcalc chart memory densenet121 --share-concat -o memory.svg

    archcalc memory has the figures. NET is a network's name (archcalc list), a spec file (my_net.yaml,
    family.yaml:NAME) or - (standard input).
    """
    from archcalc.charts import make

    _deliver(request, lambda: make.memory(request.report, fold=fold, share=share))


@command.command("time", short_help="The estimated time of each row on a device.")
@network
@device(required=True)
@analysis
@unfolding
@written
@requested
def time(request: Request, device: str) -> None:
    """Draw how long each row of a network takes on a device: to compute, and to move values and weights.

    \b
    Examples:
      archcalc chart time resnet50 --device rtx3090 --batch 32 -o time.svg

    archcalc time has the figures, and says how far they can be trusted. NET is a network's name (archcalc list), a spec
    file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.analyses.time.estimate import time
    from archcalc.analyses.time.options import TimeOptions
    from archcalc.charts import make

    estimate = time(request.report, request.device(device), TimeOptions(optimizer="none"))
    _deliver(request, lambda: make.time(estimate, depth=request.depth, every=request.every))


@command.command("errors", short_help="Errors of the ImageNet challenge by year, with depths.")
@written
@requested
def errors(request: Request) -> None:
    """Draw the top-5 errors of the ImageNet challenge's winners by year, and the depths of their networks.

    \b
    Examples:
      archcalc chart errors -o errors.svg

    Errors are published figures, with their sources; depths are computed.
    """
    from archcalc.charts import make

    _deliver(request, make.errors)
