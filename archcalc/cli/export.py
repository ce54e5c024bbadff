"""``archcalc export``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import network, output_file, settings, size
from archcalc.cli.output import deliver
from archcalc.cli.request import requested
from archcalc.cli.streams import say
from archcalc.export.targets import TARGETS, export

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("export", short_help="A network for another program: PyTorch.")
@network
@click.option("--to", "target", type=click.Choice(tuple(TARGETS)), required=True, help="The program to write for.")
@size
@settings
@output_file
@requested
def command(request: Request, target: str) -> None:
    """Write a network for another program.

    \b
    Examples:
      archcalc export resnet50 --to torch -o resnet50.py
      archcalc export vgg16 --to torch           to the terminal

    torch is a source with the spec's blocks as classes.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.errors import printable

    exported = export(request.report, target)
    for remark in exported.remarks:
        say(f"! {printable(remark)}")
    if TARGETS[target].has_files and request.output and request.output.endswith("/"):
        from archcalc.cli.files import save_all

        save_all(exported.files, request.output)
    else:
        deliver(exported.data, request.output)
