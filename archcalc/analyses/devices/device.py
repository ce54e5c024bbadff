"""A device: its memory, its bandwidth, and its peaks for each type of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.errors import RequestError, one_of, printable
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = ("gpu", "cpu", "phone")


class Peak(NamedTuple):
    """Peak operations per second (a multiplication and an addition are two), and how a derived figure was computed.

    ``cores``, ``per_cycle`` (operations of one core in a cycle) and ``clock`` (Hz) are 0 if the maker states the
    peak itself.
    """

    rate: int
    cores: int = 0
    per_cycle: int = 0
    clock: int = 0


class Device(Record):
    """A card or processor: bytes of memory, bytes a second, and peaks by type of values.

    ``plain`` peaks are those of the ordinary arithmetic units, ``tensor`` peaks those of matrix units: dense, with sums
    in float32 (whole numbers: int32). In ``tensor``, float32 stands for TF32: values of 32 bits whose products are
    computed with fewer.
    """

    name: str
    title: str
    kind: str = "gpu"
    year: int | None = None
    memory: int | None = None
    bandwidth: int | None = None
    plain: Mapping[str, Peak] = {}
    tensor: Mapping[str, Peak] = {}
    source: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether its bandwidth and a peak are known."""
        return self.bandwidth is not None and bool(self.plain or self.tensor)

    @property
    def dtypes(self) -> tuple[str, ...]:
        """The types that it has a peak for."""
        return tuple(dict.fromkeys((*self.plain, *self.tensor)))

    def peak(self, dtype: str, tensor: bool | None = None) -> tuple[Peak, bool]:
        """Return the peak for a type, and whether it is one of matrix units; raise RequestError if there is none.

        ``tensor`` asks for matrix units or forbids them. Without it they are used for types of 16 bits and fewer,
        where the device has some: float32 means float32, not TF32.
        """
        if not self.timed:
            raise RequestError(f"only the memory of {self.name} is known, not its bandwidth and peak")
        if tensor is None:
            tensor = dtype in self.tensor and (dtype not in ("float32", "float64") or dtype not in self.plain)
        peak = (self.tensor if tensor else self.plain).get(dtype)
        if peak is None:
            raise RequestError(self._without(dtype, tensor))
        return peak, tensor

    def _without(self, dtype: str, tensor: bool) -> str:
        if tensor and not self.tensor:
            return f"{self.name} has no tensor cores"
        where = " on tensor cores" if tensor else " without tensor cores" if dtype in self.tensor else ""
        known = self.tensor if tensor else self.plain if dtype in self.tensor else dict.fromkeys(self.dtypes)
        others = f"; {one_of(known)} is" if len(known) == 1 else f"; {one_of(known)} are" if known else ""
        return f"{self.name}: no peak for {printable(dtype)}{where} is known{others.replace(' or ', ' and ')}"
