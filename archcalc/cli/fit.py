"""``archcalc fit``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, completed, network, printing, si
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from fractions import Fraction

    from archcalc.analyses.scaling.bounds import Under
    from archcalc.analyses.variants import Base
    from archcalc.cli.request import Request


@click.command("fit", short_help="Find the largest input, batch or argument within bounds.")
@network
@click.argument("argument", metavar="ARG", shell_complete=completed("varied"))
@click.option(
    "--under", metavar="BOUNDS", multiple=True, required=True,
    help="Bounds and conditions: memory=2GiB,batch=32.",
)  # fmt: skip
@click.option("--step", metavar="N", help="Step between values.  [default: 1; for multipliers 0.01]")
@click.option("--device", metavar="CARD", shell_complete=completed("devices"), help="Device for bounds on time.")
@analysis
@si
@printing()
@requested
def command(request: Request, argument: str, under: tuple[str, ...], step: str | None, device: str | None) -> None:
    """Find the largest value of ARG with which a network stays within bounds, and the next one, which does not.

    \b
    Examples:
      archcalc fit resnet50 input --under memory=2GiB,batch=32
      archcalc fit resnet50 batch --under training=11GiB
      archcalc fit resnet50 n4 --under params=60M,macs=12G
      archcalc fit mobilenet-v1 alpha --under macs=300M,resolution=192
      archcalc fit resnet50 batch --under time=10ms --device rtx3090

    ARG is an argument of the spec, input, input_height, input_width, input_channels or batch. Bounds are on params,
    macs, memory (all stored outputs), peak, running or training memory (archcalc memory), depth, time and
    images_per_second; arguments, input, batch, dtype and device among them set conditions.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.analyses.outcomes import task
    from archcalc.analyses.scaling.bounds import read_under
    from archcalc.analyses.scaling.fit import fit
    from archcalc.render.fit import FitPage

    base = request.base
    bounds = read_under(base.spec, argument, under)
    base, bounds, device = _fixed(base, bounds, device)
    asked = task([bound.word for bound in bounds.bounds], None if device is None else request.device(device))
    with request.blaming():
        found = fit(base, argument, bounds, asked, _step(step))
    request.emit(FitPage(found, request.si))


def _fixed(base: Base, under: Under, device: str | None) -> tuple[Base, Under, str | None]:
    """Return the network with the type of values among the bounds, the rest of them, and the device."""
    from archcalc.analyses.sweep.axes import DEVICE, DTYPE
    from archcalc.errors import RequestError

    fixed = dict(under.fixed)
    if DEVICE in fixed and device is not None:
        raise RequestError(f"--under device={fixed[DEVICE]}: --device {device} differs; leave out one of them")
    base = base.replace(dtype=fixed.pop(DTYPE, base.dtype))
    device = fixed.pop(DEVICE, device)
    return base, under._replace(fixed=fixed), device


def _step(text: str | None) -> Fraction | int | None:
    """Read --step; raise RequestError for what is no number above 0."""
    if text is None:
        return None
    from archcalc.analyses.sweep.axes import plain
    from archcalc.analyses.sweep.conditions import amount
    from archcalc.errors import RequestError, printable

    value = amount(text)
    if not value:
        raise RequestError(f"--step {printable(text)}: write a number above 0, such as 32 or 0.05")
    step: Fraction | int = plain(value)
    return step
