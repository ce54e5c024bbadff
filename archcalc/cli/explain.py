"""``archcalc explain``."""

from __future__ import annotations

import click

from archcalc.cli import request
from archcalc.cli.output import analysis, completed, emit, printing


@click.command("explain", short_help="Where the numbers of a layer, or of a network, come from.")
@click.argument("network", metavar="NET", shell_complete=completed("networks"))
@click.argument("layer", metavar="[LAYER]", required=False, shell_complete=completed("layers"))
@analysis
@click.option("--si", is_flag=True, help="Memory in kB of 1000 bytes.")
@click.option("--convention", metavar="NAME", shell_complete=completed("conventions"),
              help="Derive what a convention counts too (archcalc conventions), or FILE.yaml[:NAME].")  # fmt: skip
@printing()
def command(
    network: str,
    layer: str | None,
    input: str | None,
    settings: tuple[str, ...],
    batch: int,
    dtype: str,
    training: bool,
    si: bool,
    convention: str | None,
    format: str,
    output: str | None,
) -> None:
    """Derive every number of a LAYER: its formula, the formula with numbers, the result.

    \b
    Examples:
      archcalc explain alexnet conv1
      archcalc explain alexnet conv1 --input 224
      archcalc explain googlenet 3a              a composite, layer by layer
      archcalc explain vgg16                     the totals

    Without a LAYER: the totals of the network, operation by operation, and what its spec says of it. LAYER may name
    a composite (conv2_x, 3a); names are those of `archcalc show NET --all`.
    """
    from archcalc.render.explain import NetworkPage, layer_page

    report = request.report(network, input, settings, batch, dtype, training)
    rule = request.convention(convention)
    page = NetworkPage(report, si, rule) if layer is None else layer_page(report, layer, si=si, convention=rule)
    emit(page, format, output, request.files([report]))
