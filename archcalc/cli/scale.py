"""``archcalc scale``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archcalc.cli.options import analysis, completed, network, printing, si
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from fractions import Fraction

    from archcalc.cli.request import Request

MOST_PHIS, MOST_FACTOR = 1_000, 4


@click.command("scale", short_help="Scale width, depth and resolution together.")
@network
@click.option("--phi", metavar="N..M", help="Values of phi: 0..7, 0.5,1,2.  [default: 0..7]")
@click.option("--to", "targets", metavar="X=AMOUNT", multiple=True, help="Find the phi closest to macs=1G, params=10M.")
@click.option("--alpha", metavar="N", default="1.2", show_default=True, help="Factor of depth for each step.")
@click.option("--beta", metavar="N", default="1.1", show_default=True, help="Factor of width.")
@click.option("--gamma", metavar="N", default="1.15", show_default=True, help="Factor of resolution.")
@click.option(
    "--width", "by_width", metavar="ARG", shell_complete=completed("varied"),
    help="Arguments for width, separated by commas.  [default: by name]",
)  # fmt: skip
@click.option("--depth", "by_depth", metavar="ARG", shell_complete=completed("varied"), help="Arguments for depth.")
@click.option(
    "--resolution", "by_resolution", metavar="ARG", shell_complete=completed("varied"), help="Arguments for resolution."
)
@analysis
@si
@printing()
@requested
def command(
    request: Request,
    phi: str | None,
    targets: tuple[str, ...],
    alpha: str,
    beta: str,
    gamma: str,
    by_width: str | None,
    by_depth: str | None,
    by_resolution: str | None,
) -> None:
    """Scale a network as EfficientNet does: depth by alpha^phi, width by beta^phi, resolution by gamma^phi.

    \b
    Examples:
      archcalc scale efficientnet-b0 --phi 0..7
      archcalc scale efficientnet-b0 --to macs=1G
      archcalc scale resnet50 --phi 0..3
      archcalc scale mobilenet-v1 --to params=10M --to memory=100MiB
      archcalc scale my_net.yaml --width filters --depth n2,n3 --phi 0..2:0.5

    The arguments for width, depth and resolution are found by their names, and shown. A multiplier is scaled exactly;
    layers are rounded up, channels to multiples of 8 if they were multiples of 8, pixels to the nearest. The published
    networks of the family are listed below, with the phi that corresponds to each dimension.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from fractions import Fraction

    from archcalc.analyses.scaling.compound import Factors, published, scaling
    from archcalc.analyses.scaling.targets import reach, read_target
    from archcalc.analyses.sweep.axes import read_numbers
    from archcalc.render.scale import ScalePage

    factors = Factors(_factor("--alpha", alpha), _factor("--beta", beta), _factor("--gamma", gamma))
    asked = tuple(map(read_target, targets))
    phis = _phis(read_numbers("--phi", phi) if phi is not None else () if targets else tuple(range(8)))
    named = {"width": by_width, "depth": by_depth, "resolution": by_resolution}
    with request.blaming():
        found = scaling(request.base, factors, named)
        base, rows = found.at(Fraction(0)), tuple(map(found.at, phis))
        reached = tuple(reach(found, each) for each in asked)
        others = published(found) if rows else ()
    request.emit(ScalePage(found, base, rows, reached, others, request.si))


def _factor(option: str, text: str) -> Fraction:
    """Read a factor; raise RequestError for what does not let a network grow."""
    from archcalc.analyses.sweep.conditions import amount
    from archcalc.errors import RequestError, printable

    value = amount(text)
    if value is None or not 1 <= value <= MOST_FACTOR:
        raise RequestError(f"{option} {printable(text)}: write a number from 1 to {MOST_FACTOR}, such as 1.2")
    return value


def _phis(numbers: tuple[Any, ...]) -> list[Fraction]:
    """Return the steps of scaling; raise RequestError for too many, or too large ones."""
    from fractions import Fraction

    from archcalc.analyses.scaling.compound import MAX_PHI
    from archcalc.errors import RequestError

    if len(numbers) > MOST_PHIS or any(abs(each) > MAX_PHI for each in numbers):
        raise RequestError(f"--phi: at most {MOST_PHIS:,} steps, each from -{MAX_PHI} to {MAX_PHI}")
    return [Fraction(each) for each in numbers]
