"""Protobuf's wire format, written: numbered fields, one behind the other.

Source: "Encoding", protobuf.dev/programming-guides/encoding.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

VARINT, BYTES, FLOAT = 0, 2, 5
"""Wire types: a whole number, so many bytes, four bytes."""


def varint(value: int) -> bytes:
    """Return a whole number in groups of seven bits, the lowest first; one below zero as 64 bits."""
    value &= 0xFFFF_FFFF_FFFF_FFFF
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


def number(field: int, value: int) -> bytes:
    """Return a field that holds a whole number."""
    return varint(field << 3 | VARINT) + varint(value)


def real(field: int, value: float) -> bytes:
    """Return a field that holds a number of 32 bits with a fraction."""
    return varint(field << 3 | FLOAT) + struct.pack("<f", value)


def data(field: int, value: bytes) -> bytes:
    """Return a field that holds bytes, or a message."""
    return varint(field << 3 | BYTES) + varint(len(value)) + value


def text(field: int, value: str) -> bytes:
    """Return a field that holds text; nothing for none."""
    return data(field, value.encode("utf-8", "replace")) if value else b""


def texts(field: int, values: Iterable[str]) -> bytes:
    """Return a repeated field of texts, of which some may be empty: inputs that are left out."""
    return b"".join(data(field, value.encode("utf-8", "replace")) for value in values)


def packed(field: int, values: Sequence[int]) -> bytes:
    """Return a repeated field of whole numbers in one piece; nothing for none."""
    return data(field, b"".join(map(varint, values))) if values else b""
