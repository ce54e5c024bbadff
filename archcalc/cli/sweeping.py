"""What commands that analyse many variants share: the order of a sweep, and what they say when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.errors import RequestError

if TYPE_CHECKING:
    from archcalc.analyses.sweep.plan import Order
    from archcalc.analyses.sweep.sweep import Sweep
    from archcalc.cli.request import Request


def ordered(request: Request, words: tuple[str, ...], device: str | None, where: str | None) -> tuple[Request, Order]:
    """Return the request with the networks among the words, and the order of the sweep that they ask for."""
    from archcalc.analyses.sweep.axes import read_axes
    from archcalc.analyses.sweep.plan import Order, written
    from archcalc.cli.fixed import refuse_fixed

    networks = tuple(word for word in words if "=" not in word)
    if not networks:
        raise RequestError("no network; write the network before what varies: archcalc sweep resnet50 n4=3..30")
    request = request.replace(networks=networks)
    specs = request.specs
    axes = read_axes(specs, [word for word in words if "=" in word])
    refuse_fixed(request, [axis.name for axis in axes], device)
    order = Order(
        tuple(map(written, specs)),
        tuple(request.size_for(spec) for spec in specs),
        axes,
        request.batch,
        request.dtype,
        request.training,
        device,
        where=where,
    )
    return request, order


def tell(request: Request, sweep: Sweep) -> None:
    """Say on standard error what a table of values alone does not, and end with the status of an interrupt."""
    from archcalc.cli.streams import say
    from archcalc.render.formats import endings
    from archcalc.render.sweep import impossible_note

    separated = request.format_to_write(endings(request.formats), "table") in ("csv", "tsv")
    if sweep.first_impossible is not None and separated:
        say(impossible_note(sweep))
    if sweep.interrupted:
        say(f"interrupted: {sweep.done:,} of {sweep.order.variants:,} variants are done")
        click.get_current_context().exit(130)
