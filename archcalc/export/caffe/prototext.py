"""Protobuf's text format, written as Caffe's own files are: a field a line, messages in braces."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Field = bool | int | float | str | Mapping[str, "Fields"]
    Fields = Field | list["Field"]


class Word(str):
    """A word of an enumeration, which stands without quotes."""

    __slots__ = ()


def write(fields: Mapping[str, Fields]) -> str:
    """Return a message as text."""
    return "\n".join(_lines(fields, "")) + "\n"


def _lines(fields: Mapping[str, Fields], indent: str) -> Iterator[str]:
    for key, held in fields.items():
        values: Iterable[Field] = held if isinstance(held, list) else [held]
        for value in values:
            if not isinstance(value, (bool, int, float, str)):
                yield f"{indent}{key} {{"
                yield from _lines(value, indent + "  ")
                yield f"{indent}}}"
            else:
                yield f"{indent}{key}: {_shown(value)}"


def _shown(value: bool | float | str) -> str:
    if isinstance(value, Word):
        return value
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.9g}" if isinstance(value, float) else str(value)
