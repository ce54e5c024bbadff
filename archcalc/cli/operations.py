"""``archcalc operations``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed, printing
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("operations", short_help="Describe the operations of specs, and their settings.")
@click.argument("words", metavar="[OPERATION]...", nargs=-1, shell_complete=completed("operations"))
@printing()
@requested
def command(request: Request, words: tuple[str, ...]) -> None:
    """List the operations of specs, or describe each OPERATION: settings, formulas, examples, names in frameworks.

    \b
    Examples:
      archcalc operations                        all, with names in frameworks
      archcalc operations conv
      archcalc operations BatchNorm2d            by its name in a framework
      archcalc operations --format csv

    In formulas, the input is C_in x H x W and the output C_out x H' x W'; K_h x K_w is the kernel, S the stride, P the
    padding on one side, D the dilation, G the groups, N the number of inputs.
    """
    from archcalc.analyses.reference import every_operation, operations_by
    from archcalc.errors import RequestError, did_you_mean, printable
    from archcalc.operations import OPERATIONS, operation
    from archcalc.render.operations import OperationPage, OperationsPage

    if not words:
        request.emit(OperationsPage(every_operation()))
        return
    found: dict[str, None] = {}
    for word in words:
        meant = operations_by(word)
        if not meant:
            hint = did_you_mean(word, OPERATIONS) or "; archcalc operations lists them, and custom describes others"
            raise RequestError(f"no operation '{printable(word[:60])}'{hint}")
        found |= dict.fromkeys(meant)
    request.emit(OperationPage([operation(word) for word in found]))
