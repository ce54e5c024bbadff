"""Validating a spec file: all its networks, for their own input, and the figures that were published of them."""

from __future__ import annotations

from typing import NamedTuple

from archcalc.analyses.unseen import remarks
from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import Mistake, RequestError, SpecError, printable
from archcalc.limits import MAX_WRITTEN
from archcalc.published.check import check
from archcalc.published.reports import Reports
from archcalc.zoo import find_all


class Validation(NamedTuple):
    """What a valid file holds: the names of its networks, and remarks on what is worth a second look."""

    names: tuple[str, ...]
    remarks: tuple[str, ...]


def validate(name: str) -> Validation:
    """Validate a spec file, or networks by their name; raise SpecError with the mistakes of all of them."""
    specs = find_all(name)
    source = specs[0].family.source
    named: dict[str, list[str]] = {}
    """Remarks to the networks that they are about."""
    names: list[str] = []
    reports = Reports()
    written = 0
    mistakes: dict[tuple[int, int, str], Mistake] = {}
    for spec in specs:
        names.append(spec.name)
        try:
            network = expand(spec)
            written += len(network.nodes)
            if written > MAX_WRITTEN:
                raise RequestError(f"{printable(source.file)}: networks of more than {MAX_WRITTEN:,} layers together")
            for remark in remarks(count(network, setup())):
                named.setdefault(remark.text, []).append(spec.name)
            check(spec, reports)
        except SpecError as error:
            mistakes.update({(mistake.line, mistake.column, mistake.message): mistake for mistake in error.mistakes})
    if mistakes:
        raise source.error(mistakes.values())
    return Validation(tuple(names), tuple(_remark(text, about, names) for text, about in named.items()))


def _remark(text: str, about: list[str], names: list[str]) -> str:
    """Return a remark, with the networks that it is about where it is not about all."""
    few = list(dict.fromkeys(about))
    return text if len(few) == len(names) else f"{', '.join(few)}: {text}"
