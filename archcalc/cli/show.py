"""``archcalc show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, convention, networks, printing, si, unfolding
from archcalc.cli.request import requested
from archcalc.cli.types import Words

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("show", short_help="Show the layer table and the totals of a network.")
@networks()
@analysis
@unfolding
@click.option("-c", "--columns", metavar="WORDS", shell_complete=completed("columns"),
              help="Columns, separated by commas; +WORD adds to the default ones.")  # fmt: skip
@si
@click.option(
    "--count",
    type=Words(["macs", "flops"], {"mac": "macs", "flop": "flops"}),
    default="macs",
    help="Unit of work: 1 MAC = 2 FLOPs.",
)
@convention("Count by a convention (archcalc conventions), or FILE.yaml[:NAME].")
@printing()
@requested
def command(request: Request, columns: str | None, count: str) -> None:
    """Show the layer table of each NET: sizes, filters, memory, parameters and MACs of each row, and the totals.

    \b
    Examples:
      archcalc show vgg16
      archcalc show alexnet --input 224          at another input size
      archcalc show resnet50 --set n4=23         with an argument of the spec
      archcalc show googlenet --depth 2          inception modules unfolded
      archcalc show vgg16 --columns +receptive_field,+macs_share
      archcalc show resnet50 --format json | python -m json.tool

    A composite (conv2_x, an inception module) is one row; --depth unfolds it, --all has a row for every layer. Notes
    under the table say what is counted and for which input. NET is a network's name (archcalc list), a spec file
    (my_net.yaml, family.yaml:NAME) or - (standard input).

    Columns to choose: layer op in_c in_hw input filters kernel stride pad dilation groups bias out_c out_hw output
    memory params macs params_share macs_share memory_share receptive_field effective_stride depth times buffers,
    ops.KIND and params.KIND.
    """
    from archcalc.analyses.counting import Counting
    from archcalc.render.show import TableOptions, page

    flops = count == "flops"
    if flops and request.conventions:
        raise click.UsageError("--convention already says how work is counted; leave out --count flops")
    counting = Counting(request.convention, flops)
    request.emit(page(request.reports, TableOptions(request.depth, request.every, columns, request.si, counting)))
