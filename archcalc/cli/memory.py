"""``archcalc memory``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli import request
from archcalc.cli.output import analysis, completed, emit, printing

if TYPE_CHECKING:
    from archcalc.analyses.memory.options import MemoryOptions

OPTIMIZERS = ("none", "sgd", "momentum", "adam", "adamw")


@click.command("memory", short_help="How much memory a network takes: its sum, its peak, training, what fits.")
@click.argument("network", metavar="NET", shell_complete=completed("networks"))
@analysis
@click.option("--bits", type=click.IntRange(1, 64), help="Bits of a weight when the network is only run.")
@click.option(
    "--optimizer", type=click.Choice(OPTIMIZERS), help="What trains it; none: it is only run.  [default: momentum]"
)
@click.option(
    "--fit", metavar="SIZE|CARD", help="The largest batch that 3GB, 512MB ..., a card, or each of all cards holds."
)
@click.option("--recompute", is_flag=True, help="Train with recomputation: keep only what connects segments.")
@click.option("--share-concat", is_flag=True, help="Write branches straight into their place of a concatenation.")
@click.option("--fold-bn", is_flag=True, help="Run with batch norm merged into the layer before it.")
@click.option("-d", "--depth", type=click.IntRange(1), default=1, show_default=True, help="Unfold composites so far.")
@click.option("-a", "--all", "every", is_flag=True, help="A row for every primitive layer, activations included.")
@click.option("--si", is_flag=True, help="Sizes in kB, MB of powers of 1000.")
@printing()
def command(
    network: str,
    input: str | None,
    settings: tuple[str, ...],
    batch: int,
    dtype: str,
    training: bool,
    bits: int | None,
    optimizer: str | None,
    fit: str | None,
    recompute: bool,
    share_concat: bool,
    fold_bn: bool,
    depth: int,
    every: bool,
    si: bool,
    format: str,
    output: str | None,
) -> None:
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
    peak       what is alive at once when it runs, and which layer sets it
    training   weights, gradients, optimiser, saved activations; backward MACs
    fit        the largest batch for a size of memory or a card (--fit)

    --dtype may also be mixed: float16 for activations, float32 for the weights that training keeps.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.analyses.memory.analysis import analyse
    from archcalc.analyses.memory.needs import fit as what_fits
    from archcalc.render.memory.page import MemoryPage

    report = request.report(network, input, settings, batch, "float16" if dtype == "mixed" else dtype, training)
    options = _options(dtype, optimizer)._replace(bits=bits, fold=fold_bn, share=share_concat, recompute=recompute)
    memory = analyse(report, options)
    fits = None if fit is None else what_fits(memory, fit)
    emit(MemoryPage(memory, fits, depth, every, si), format, output, request.files([report]))


def _options(dtype: str, optimizer: str | None) -> MemoryOptions:
    """Return how the network is trained; nothing is trained in whole numbers."""
    from archcalc.analyses.memory.options import MemoryOptions
    from archcalc.errors import RequestError

    if not dtype.startswith("int"):
        return MemoryOptions(optimizer or "momentum", dtype == "mixed")
    if optimizer not in (None, "none"):
        raise RequestError(f"--optimizer {optimizer}: {dtype} is a type to run a network in, not to train it in")
    return MemoryOptions("none")
