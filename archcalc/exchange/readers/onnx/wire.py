"""Protobuf's wire format: numbered fields of four kinds, one behind the other.

Source: "Encoding", protobuf.dev/programming-guides/encoding. Nothing is copied: what is not asked for is
stepped over by its length, so that a file costs what its graph costs.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, TypeAlias

from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from collections.abc import Iterator

Value: TypeAlias = "int | memoryview"

MAX_FIELDS = 1_500_000
"""Fields of one file that are looked at."""

MAX_NUMBERS = 1 << 20
"""Bytes of a list of numbers with fractions."""


class Budget:
    """Counts the fields that were looked at, so that no file takes for ever."""

    def __init__(self, fields: int = MAX_FIELDS) -> None:
        self.left = fields

    def take(self, fields: int) -> None:
        """Take some fields; raise ModelFault where there are none left."""
        self.left -= fields
        if self.left < 0:
            raise ModelFault(f"more than {MAX_FIELDS:,} fields")


def fields(data: memoryview, budget: Budget) -> Iterator[tuple[int, int, Value]]:
    """Yield number, wire type and value of each field: an int (types 0, 1 and 5), or the bytes (type 2)."""
    at, end, count = 0, len(data), 0
    while at < end:
        count += 1
        if not count & 1023:
            budget.take(1024)
        key = data[at]
        at += 1
        if key > 127:
            key, at = _varint(data, at - 1, end)
        kind = key & 7
        if kind == 2:
            length = data[at] if at < end else 128
            at += 1
            if length > 127:
                length, at = _varint(data, at - 1, end)
            if length > end - at:
                raise ModelFault(
                    f"a field of {length:,} bytes where {end - at:,} are left: the file is truncated or broken"
                )
            yield key >> 3, 2, data[at : at + length]
            at += length
        elif kind == 0:
            value, at = _varint(data, at, end)
            yield key >> 3, 0, value
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            if size > end - at:
                raise ModelFault("the file ends inside a number: it is truncated or broken")
            yield key >> 3, kind, int.from_bytes(data[at : at + size], "little")
            at += size
        else:
            raise ModelFault(f"a field of wire type {kind}, which protobuf does not have: the file is broken")
    budget.take((count & 1023) + 1)


def _varint(data: memoryview, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while at < end:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & 0xFFFF_FFFF_FFFF_FFFF, at
        shift += 7
        if shift > 63:
            break
    raise ModelFault("a number without an end: the file is truncated or broken")


def signed(value: int) -> int:
    """Return a 64-bit number with its sign."""
    return value - (1 << 64) if value >= 1 << 63 else value


def packed(value: Value, budget: Budget) -> list[int]:
    """Return the whole numbers of a repeated field, of which one or all may stand in one field."""
    if isinstance(value, int):
        return [signed(value)]
    found, at, end = [], 0, len(value)
    budget.take(end // 2)
    while at < end:
        number, at = _varint(value, at, end)
        found.append(signed(number))
    return found


def real(value: Value) -> float:
    """Return a 32-bit number with a fraction."""
    if not isinstance(value, int):
        raise ModelFault("text where a number with a fraction is expected")
    return float(struct.unpack("<f", (value & 0xFFFF_FFFF).to_bytes(4, "little"))[0])


def reals(value: Value) -> list[float]:
    """Return the 32-bit numbers of a repeated field."""
    if isinstance(value, int):
        return [real(value)]
    if len(value) % 4 or len(value) > MAX_NUMBERS:
        raise ModelFault(f"{len(value):,} bytes of numbers with fractions: the file is broken")
    return list(struct.unpack(f"<{len(value) // 4}f", value))


def text(value: Value) -> str:
    """Return a field of text."""
    if isinstance(value, int):
        raise ModelFault("a number where text is expected: the file is broken")
    if len(value) > 65_536:
        raise ModelFault(f"a text of {len(value):,} bytes")
    return bytes(value).decode("utf-8", "replace")


def message(value: Value) -> memoryview:
    """Return the bytes of a field that holds a message."""
    if isinstance(value, int):
        raise ModelFault("a number where a message is expected: the file is broken")
    return value


def number(value: Value) -> int:
    """Return a field that holds a whole number."""
    if not isinstance(value, int):
        raise ModelFault("text where a number is expected: the file is broken")
    return signed(value)
