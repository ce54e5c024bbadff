"""``archcalc spec``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import network, output_file, size_and_set
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("spec", short_help="Write one network as a spec of its own.")
@network
@size_and_set
@output_file
@requested
def command(request: Request) -> None:
    """Write the spec of NET alone, with its own arguments and without the rest of its family.

    \b
    Examples:
      archcalc spec vgg16
      archcalc spec resnet50 --set n4=23 --input 320 -o deeper.yaml
      archcalc spec mobilenet-v1-0.5-160
      archcalc spec "[conv: {filters: 64, kernel: 7}, relu]" --input 3x224x224

    Blocks, formulas and comments are kept, so every argument can still be set. Published figures and expectations are
    included unless --set or --input changes the network.
    """
    from archcalc.cli.output import deliver

    deliver(request.own_spec(), request.output)
