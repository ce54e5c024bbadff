"""What was asked for on the command line, as values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.engine.count import basis, count
from archcalc.engine.elaborate import elaborate
from archcalc.errors import RequestError, printable
from archcalc.limits import MAX_NUMBER
from archcalc.spec.member import with_values
from archcalc.zoo import find

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.engine.report import Report
    from archcalc.spec.member import Spec


def input_size(text: str | None) -> tuple[int, ...] | None:
    """Read 224, 224x320 or 3x224x224 (also with commas or ×)."""
    if text is None:
        return None
    parts = re.split(r"\s*[x×,X]\s*", text.strip())
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise RequestError(f"--input {printable(text)}: write 224, 224x320 (height x width) or 3x224x224")
    sizes = tuple(int(part) for part in parts)
    if not all(1 <= size <= MAX_NUMBER for size in sizes):
        raise RequestError(f"--input {printable(text)}: sizes are at least 1")
    return sizes


def arguments(settings: Sequence[str]) -> dict[str, str]:
    """Read ARG=VALUE pairs."""
    found: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise RequestError(f"--set {printable(setting)}: write --set ARG=VALUE")
        found[name.strip()] = value.strip()
    return found


def spec(name: str, settings: Sequence[str] = ()) -> Spec:
    """Find a network and set its arguments."""
    return with_values(find(name), arguments(settings))


def report(name: str, input: str | None, settings: Sequence[str], batch: int, dtype: str, training: bool) -> Report:
    """Find a network and analyse it."""
    chosen = basis(batch, dtype)
    return count(elaborate(spec(name, settings), input_size(input)), chosen, training=training)
