"""What an export gives: the text or the bytes, and what the user should know of it; and how a layer is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.errors import RequestError
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.engine.network import Node


class Exported(Record):
    """A network written for another program."""

    data: str | bytes
    """What goes to standard output or into one file."""
    files: dict[str, str] = {}  # noqa: RUF012 - never changed
    """The same as files by name, for targets that can be written into a folder."""
    remarks: tuple[str, ...] = ()


def refuse(title: str, node: Node, why: str) -> RequestError:
    """Return the error for a layer that a program cannot say."""
    return RequestError(f"{title} has nothing for {node.applied.operation.word} ({node.name}): {why}")
