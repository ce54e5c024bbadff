"""``archcalc show``."""

from __future__ import annotations

import click

from archcalc.cli import request
from archcalc.cli.output import analysis, completed, emit, networks, printing


@click.command("show", short_help="The layer table of a network, and its totals.")
@networks()
@analysis
@click.option("-d", "--depth", type=click.IntRange(1), default=1, show_default=True,
              metavar="N", help="Unfold composites N levels deep.")  # fmt: skip
@click.option("-a", "--all", "every", is_flag=True, help="A row for every primitive layer, activations included.")
@click.option("-c", "--columns", metavar="WORDS", shell_complete=completed("columns"),
              help="Columns: words with commas, or +WORD to add to the usual ones.")  # fmt: skip
@click.option("--si", is_flag=True, help="Memory in kB of 1000 bytes.")
@click.option("--count", type=click.Choice(["macs", "flops"]), default="macs", help="Unit of work: 1 MAC = 2 FLOPs.")
@click.option("--convention", metavar="NAME", shell_complete=completed("conventions"),
              help="Count as a convention does (archcalc conventions), or FILE.yaml[:NAME].")  # fmt: skip
@printing()
def command(
    networks: tuple[str, ...],
    input: str | None,
    settings: tuple[str, ...],
    batch: int,
    dtype: str,
    training: bool,
    depth: int,
    every: bool,
    columns: str | None,
    si: bool,
    count: str,
    convention: str | None,
    format: str,
    output: str | None,
) -> None:
    """Show the layer table of each NET: sizes, filters, memory, parameters and MACs of each row, and the totals.

    \b
    Examples:
      archcalc show vgg16
      archcalc show alexnet --input 224          at another input size
      archcalc show resnet50 --set n4=23         with an argument of the spec
      archcalc show googlenet --depth 2          inception modules unfolded
      archcalc show vgg16 --columns +receptive_field,+macs_share
      archcalc show resnet50 --format json | python -m json.tool

    A composite (conv2_x, an inception module) is one row; --depth unfolds it, --all has a row for every layer. What
    is counted, and for which input, is said under the table. NET is a network's name (archcalc list), a spec file
    (my_net.yaml, family.yaml:NAME) or - (standard input).

    Columns to choose: layer op in_c in_hw input filters kernel stride pad dilation groups bias out_c out_hw output
    memory params macs params_share macs_share memory_share receptive_field effective_stride depth times buffers,
    ops.KIND and params.KIND.
    """
    from archcalc.analyses.counting import Counting
    from archcalc.render.show import TableOptions, page

    if convention and count == "flops":
        raise click.UsageError("--convention says how work is counted; --count flops does not go with it")
    rule = request.convention(convention)
    reports = [request.report(name, input, settings, batch, dtype, training) for name in networks]
    options = TableOptions(depth, every, columns, si, Counting(rule, count == "flops"))
    emit(page(reports, options), format, output, request.files(reports))
