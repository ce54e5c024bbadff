"""``archcalc memory``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archcalc.cli.options import analysis, network, printing, si, unfolding
from archcalc.cli.request import requested
from archcalc.cli.types import WholeNumber, Words

if TYPE_CHECKING:
    from archcalc.analyses.memory.options import MemoryOptions
    from archcalc.cli.request import Request

OPTIMIZERS = ("none", "sgd", "momentum", "adam", "adamw")


@click.command("memory", short_help="Compute memory: sum, peak, training, what fits.")
@network
@analysis
@click.option("--bits", type=WholeNumber(1, 64), metavar="N", help="Bits of a weight at inference.")
@click.option(
    "--optimizer",
    type=Words(OPTIMIZERS),
    help="Optimizer of training; none: inference only.  [default: momentum]",
)
@click.option(
    "--fit", metavar="SIZE|CARD", help="Largest batch that fits a size (3GB, 512MB), a card, or each card (all)."
)
@click.option("--recompute", is_flag=True, help="Train with recomputation: keep only the borders of segments.")
@click.option("--share-concat", "share", is_flag=True, help="Write branches directly into their concatenation.")
@click.option("--fold-bn", "fold", is_flag=True, help="Merge batch norm into the layer before it.")
@unfolding
@si
@printing()
@requested
def command(request: Request, fit: str | None, optimizer: str | None, **options: Any) -> None:
    """Show how much memory a network takes, four ways.

    \b
    Examples:
      archcalc memory vgg16
      archcalc memory resnet50 --batch 32 --optimizer adam
      archcalc memory alexnet --fit gtx580 --batch 128
      archcalc memory mobilenet-v2 --dtype int8 --fold-bn
      archcalc memory densenet121 --share-concat --recompute
      archcalc memory resnet50 --dtype mixed --fit all

    \b
    sum        all stored outputs, by several rules
    peak       the most that is alive at once at inference, and at which layer
    training   weights, gradients, optimizer, saved activations; backward MACs
    fit        the largest batch for a size of memory or a card (--fit)

    --dtype may also be mixed: float16 for activations, float32 for the weights that training keeps.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.analyses.memory.analysis import analyse
    from archcalc.analyses.memory.needs import fit as what_fits
    from archcalc.render.memory.page import MemoryPage

    how = _trained(request.dtype, optimizer)._replace(**options)
    if how.mixed:
        request = request.replace(dtype="float16")
    memory = analyse(request.report, how)
    fits = None if fit is None else what_fits(memory, fit)
    request.emit(MemoryPage(memory, fits, request.depth, request.every, request.si))


def _trained(dtype: str, optimizer: str | None) -> MemoryOptions:
    """Return how the network is trained; integer types are for inference only."""
    from archcalc.analyses.memory.options import MemoryOptions
    from archcalc.errors import RequestError

    if not dtype.startswith("int"):
        return MemoryOptions(optimizer or "momentum", dtype == "mixed")
    if optimizer not in (None, "none"):
        raise RequestError(f"--optimizer {optimizer}: {dtype} is for inference only")
    return MemoryOptions("none")
