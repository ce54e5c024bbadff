"""``archcalc show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, convention, networks, printing, si, unfolding
from archcalc.cli.request import requested
from archcalc.cli.types import WholeNumber, Words

if TYPE_CHECKING:
    from archcalc.analyses.counting import Counting
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
@click.option("--no-bias", is_flag=True, help="Parameters without biases.")
@click.option(
    "--sort", metavar="COLUMN", shell_complete=completed("columns"), help="Rows by a column, the largest first."
)
@click.option(
    "--top", type=WholeNumber(1), metavar="N", help="Only the first N rows, by MACs unless --sort says otherwise."
)
@click.option("--blocks", is_flag=True, help="As papers' tables: blocks in brackets, with their number.")
@click.option("--no-bars", is_flag=True, help="Shares without bars.")
@convention("Count by a convention (archcalc conventions), or FILE.yaml[:NAME].")
@printing()
@requested
def command(
    request: Request,
    columns: str | None,
    count: str,
    no_bias: bool,
    sort: str | None,
    top: int | None,
    blocks: bool,
    no_bars: bool,
) -> None:
    """Show the layer table of each NET: sizes, filters, memory, parameters and MACs of each row, and the totals.

    \b
    Examples:
      archcalc show vgg16
      archcalc show alexnet --input 224          at another input size
      archcalc show resnet50 --set n4=23         with an argument of the spec
      archcalc show googlenet --depth 2          inception modules unfolded
      archcalc show vgg16 --columns +receptive_field,+macs_share
      archcalc show resnet50 --all --top 10      the layers with the most MACs
      archcalc show resnet50 --blocks            [1x1, 64; 3x3, 64; 1x1, 256] x3
      archcalc show resnet50 --format json | python -m json.tool

    A composite (conv2_x, an inception module) is one row; --depth unfolds it, --all has a row for every layer. Notes
    under the table say what is counted and for which input. NET is a network's name (archcalc list), a spec file
    (my_net.yaml, family.yaml:NAME) or - (standard input).

    Columns to choose: layer op in_c in_hw input filters kernel stride pad dilation groups bias out_c out_hw output
    memory params macs params_share macs_share memory_share receptive_field effective_stride depth times buffers,
    ops.KIND and params.KIND; values (stored), layers (in a row), intensity (MACs per byte), params_bytes input_bytes
    output_bytes, and each side as a number: in_h in_w kernel_h kernel_w stride_h stride_w out_h out_w.
    """
    if blocks:
        from archcalc.render.configurations import BlocksPage

        if columns or sort or top or no_bias or request.conventions or request.every or count == "flops":
            raise click.UsageError("--blocks is a table of its own; leave out what is about columns, rows and counting")
        request.emit(BlocksPage(request.reports))
        return
    from archcalc.render.show import page
    from archcalc.render.table_options import TableOptions

    counting = _counting(request, flops=count == "flops", biases=not no_bias)
    sorted_by = sort and sort.strip()
    options = TableOptions(request.depth, request.every, columns, request.si, counting, sorted_by, top, not no_bars)
    request.emit(page(request.reports, options))


def _counting(request: Request, *, flops: bool, biases: bool) -> Counting:
    """Return the way of counting; raise UsageError for two that exclude each other."""
    from archcalc.analyses.counting import Counting

    if flops and request.conventions:
        raise click.UsageError("--convention already says how work is counted; leave out --count flops")
    if not biases and request.convention is not None and request.convention.parameters:
        raise click.UsageError("--convention already says which parameters are counted; leave out --no-bias")
    return Counting(request.convention, flops, biases)
