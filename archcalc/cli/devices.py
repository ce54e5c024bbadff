"""``archcalc devices``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed, printing
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("devices", short_help="List the cards and processors for estimates of time and memory.")
@click.argument("names", metavar="[CARD]...", nargs=-1, shell_complete=completed("devices"))
@printing()
@requested
def command(request: Request, names: tuple[str, ...]) -> None:
    """List devices with their memory, bandwidth and peaks, or all about each CARD.

    \b
    Examples:
      archcalc devices
      archcalc devices rtx3090 "RTX 4090"
      archcalc devices my_card.yaml              every mistake in it
      archcalc devices --format json

    A card of your own is a few lines of YAML: --device FILE.yaml, or FILE.yaml:NAME where there are several.
    """
    from archcalc.analyses.devices.finding import devices
    from archcalc.render.time.devices import DeviceListPage, DevicePage

    chosen = [device for name in names for device in request.devices(name)]
    request.emit(DevicePage(chosen) if chosen else DeviceListPage(list(devices().values())))
