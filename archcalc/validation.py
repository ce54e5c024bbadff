"""Is a spec file right: all its networks, for their own input, and the figures that were published of them."""

from __future__ import annotations

from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import Mistake, RequestError, SpecError, printable
from archcalc.language.family import read_family
from archcalc.language.networks import networks_of
from archcalc.limits import MAX_WRITTEN
from archcalc.published.check import check
from archcalc.zoo import source_of


def validate(file: str) -> list[str]:
    """Return the names of a file's networks; raise SpecError with the mistakes of all of them."""
    source = source_of(file)
    family = read_family(source)
    names: list[str] = []
    written = 0
    mistakes: dict[tuple[int, int, str], Mistake] = {}
    for spec in networks_of(family):
        names.append(spec.name)
        try:
            network = expand(spec)
            written += len(network.nodes)
            if written > MAX_WRITTEN:
                raise RequestError(f"{printable(source.file)}: networks of more than {MAX_WRITTEN:,} layers together")
            count(network, setup())
            check(spec)
        except SpecError as error:
            mistakes.update({(each.line, each.column, each.message): each for each in error.mistakes})
    if mistakes:
        raise source.error(mistakes.values())
    return names
