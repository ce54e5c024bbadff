"""What an option fixes and the command varies at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.errors import RequestError, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.cli.request import Request


def refuse_fixed(request: Request, names: Iterable[str], device: str | None = None) -> None:
    """Raise RequestError for what is both fixed by an option and varied."""
    fixed = {name: f"--set {name}={value}" for name, value in request.arguments.items()}
    if request.input is not None:
        fixed["input"] = f"--input {request.input}"
    if request.batch != 1:
        fixed["batch"] = f"--batch {request.batch}"
    if device is not None:
        fixed["device"] = f"--device {device}"
    for name in names:
        if name in fixed:
            raise RequestError(f"{name} is varied, and fixed by {printable(fixed[name])}; leave out one of them")
