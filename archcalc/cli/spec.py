"""``archcalc spec``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import network, output_file, size_and_set
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("spec", short_help="One network as a spec of its own, its arguments set.")
@network
@size_and_set
@output_file
@requested
def command(request: Request) -> None:
    """Write the spec of NET alone: without the other networks of its family, with its arguments as it sets them.

    \b
    Examples:
      archcalc spec vgg16
      archcalc spec resnet50 --set n4=23 --input 320 -o deeper.yaml
      archcalc spec mobilenet-v1-0.5-160
      archcalc spec "[conv: {filters: 64, kernel: 7}, relu]" --input 3x224x224

    Blocks, formulas and comments are those of the family, so every argument can still be set. Published figures and
    expectations come along unless --set or --input changes the network that they describe.
    """
    from archcalc.cli.output import deliver

    deliver(request.own_spec(), request.output)
