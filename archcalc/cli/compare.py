"""``archcalc compare``."""

from __future__ import annotations

import click

from archcalc.cli import request
from archcalc.cli.output import analysis, completed, emit, networks, printing


@click.command("compare", short_help="Networks side by side, with ratios and error rates.")
@networks()
@analysis
@click.option("--si", is_flag=True, help="Sizes in kB, MB of powers of 1000.")
@click.option("--convention", metavar="NAME", shell_complete=completed("conventions"),
              help="Count as a convention does (archcalc conventions), or FILE.yaml[:NAME].")  # fmt: skip
@click.option("--device", metavar="CARD", shell_complete=completed("devices"),
              help="How long each takes there: a device (archcalc devices), or FILE.yaml[:NAME].")  # fmt: skip
@click.option("--no-bars", is_flag=True, help="Ratios without bars.")
@printing()
def command(
    networks: tuple[str, ...],
    input: str | None,
    settings: tuple[str, ...],
    batch: int,
    dtype: str,
    training: bool,
    si: bool,
    convention: str | None,
    device: str | None,
    no_bars: bool,
    format: str,
    output: str | None,
) -> None:
    """Compare networks: parameters, model size, activation memory, MACs, depth, receptive field, error rates.

    \b
    Examples:
      archcalc compare alexnet googlenet resnet50
      archcalc compare plain34 resnet34 --format markdown
      archcalc compare vgg16 my_net.yaml --input 160
      archcalc compare resnet50 vgg16 --device rtx3090 --dtype float16 --batch 64

    Ratios are to the first network. --input and --set hold for all of them. NET is a network's name (archcalc list),
    a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.analyses.comparison import compare
    from archcalc.analyses.counting import Counting
    from archcalc.render.compare import ComparePage

    reports = [request.report(name, input, settings, batch, dtype, training) for name in networks]
    comparison = compare(reports, Counting(request.convention(convention)))
    emit(ComparePage(comparison, si, not no_bars), format, output, request.files(reports))
