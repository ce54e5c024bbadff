"""``archcalc devices``."""

from __future__ import annotations

import click

from archcalc.cli.output import completed, emit, printing


@click.command("devices", short_help="The cards and processors that times and memory are estimated for.")
@click.argument("names", metavar="[CARD]...", nargs=-1, shell_complete=completed("devices"))
@printing()
def command(names: tuple[str, ...], format: str, output: str | None) -> None:
    """List the devices with their memory, bandwidth and peaks, or show all that is known of each CARD and its source.

    \b
    Examples:
      archcalc devices
      archcalc devices rtx3090 "RTX 4090"
      archcalc devices my_card.yaml              is it right; if not, where not
      archcalc devices --format json

    A card of your own is a few lines of YAML: --device FILE.yaml, or FILE.yaml:NAME where there are several.
    """
    from archcalc.analyses.devices.finding import devices, find_devices
    from archcalc.render.time.devices import list_page, page

    found = [device for name in names for device in find_devices(name)]
    emit(page(found) if found else list_page(list(devices().values())), format, output)
