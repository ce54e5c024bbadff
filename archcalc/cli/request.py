"""What was asked for on the command line, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import RequestError, printable
from archcalc.language.networks import input_size, with_values
from archcalc.zoo import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.conventions.convention import Convention
    from archcalc.engine.report import Report
    from archcalc.language.networks import NetworkSpec


def arguments(settings: Sequence[str]) -> dict[str, str]:
    """Read ARG=VALUE pairs."""
    found: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise RequestError(f"--set {printable(setting)}: write --set ARG=VALUE")
        found[name.strip()] = value.strip()
    return found


def spec(name: str, settings: Sequence[str] = ()) -> NetworkSpec:
    """Find a network and set its arguments."""
    return with_values(find(name), arguments(settings))


def convention(name: str | None) -> Convention | None:
    """Find a convention, by its name or in a file of the user's."""
    if name is None:
        return None
    from archcalc.conventions.convention import asked

    return asked(name)


def files(reports: Sequence[Report]) -> set[str]:
    """Return the spec files that reports were made from."""
    return {report.network.spec.family.source.file for report in reports}


def report(name: str, input: str | None, settings: Sequence[str], batch: int, dtype: str, training: bool) -> Report:
    """Find a network and analyse it."""
    chosen = setup(batch, dtype)
    return count(expand(spec(name, settings), input_size(input)), chosen, training=training)
