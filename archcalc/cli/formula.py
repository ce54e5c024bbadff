"""``archcalc formula``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed, network, printing, size_and_settings, training, unfolding
from archcalc.cli.request import requested
from archcalc.cli.types import Words

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("formula", short_help="Express params, MACs and memory as exact formulas.")
@network
@click.option(
    "--in", "variables", metavar="NAME[=EXPR]", multiple=True, required=True, shell_complete=completed("varying"),
    help="What varies: an argument, input, input_height, input_width, input_channels or batch.",
)  # fmt: skip
@size_and_settings
@training
@click.option(
    "--per", type=Words(("layer", "remainder")),
    help="Also formulas for each row of the layer table, or one for each remainder if sizes are rounded.",
)  # fmt: skip
@unfolding
@printing()
@requested
def command(request: Request, variables: tuple[str, ...], per: str | None) -> None:
    """Write the totals of a network as exact polynomials in its arguments and input sizes.

    \b
    Examples:
      archcalc formula resnet101 --in "input=32*n"    at any multiple of 32
      archcalc formula wrn-28-10 --in k               in an argument of the spec
      archcalc formula stage --in C,H,W --per layer   in several, row by row
      archcalc formula resnet50 --in "input=32*n" --in batch
      archcalc formula resnet50 --in input --per remainder
      archcalc formula resnet50 --in "input=32*n" --format latex

    The network is analysed at as many values as a polynomial needs, and at further ones, which are named, as a check.
    What is not a polynomial (a rounded size, a maximum, a power) is an error that names the first value to show it.
    Memory is counted in values; conventions and types do not apply.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.analyses.formulas.closed_form import closed_form
    from archcalc.analyses.formulas.samples import Rows
    from archcalc.analyses.formulas.variables import read_variables
    from archcalc.cli.fixed import refuse_fixed

    base = request.base
    read = read_variables(base.spec, variables)
    refuse_fixed(request, [setting.name for setting in read.settings])
    if per == "remainder":
        from archcalc.analyses.formulas.remainders import by_remainder
        from archcalc.render.formula_remainders import RemaindersPage

        with request.blaming():
            remainders = by_remainder(base, read)
        request.emit(RemaindersPage(remainders))
        return
    from archcalc.render.formula import FormulaPage

    with request.blaming():
        form = closed_form(base, read, Rows(request.depth, request.every) if per == "layer" else None)
    request.emit(FormulaPage(form))
