"""What fits a size of memory or a card: the largest batch.

A gigabyte of memory is 2^30 bytes here, as the chips of a card are built and as its driver reports them.
"""

from __future__ import annotations

from typing import NamedTuple

from archcalc import units
from archcalc.analyses.devices.finding import devices, file_of, find_device, named, suggestion
from archcalc.errors import RequestError, printable


class Card(NamedTuple):
    """A card, or just a size of memory: its name, title, bytes, and year if known."""

    name: str
    title: str
    bytes: int
    year: int | None = None


class Need(NamedTuple):
    """The memory that something needs: its word and label, bytes independent of the batch, and bits per image."""

    word: str
    label: str
    fixed: int
    per_image: int

    def at(self, batch: int) -> int:
        """Return the bytes that a batch needs."""
        return self.fixed - (-self.per_image * batch // 8)

    def largest(self, memory: int) -> int:
        """Return the largest batch that fits so many bytes; 0 if not even one image does."""
        return max(0, (memory - self.fixed) * 8 // self.per_image)


def find_card(text: str) -> Card:
    """Return the card with a name or in a file, or a size as a card; raise RequestError for anything else."""
    size = units.read_memory(text)
    if size is not None:
        if size == 0:
            raise RequestError(f"--fit {printable(text)}: nothing fits into this amount")
        return Card(text.strip(), text.strip(), size)
    device = find_device(text) if file_of(text) else named(text, devices())
    if device is None:
        raise RequestError(
            f"--fit {printable(text[:60])}: neither a size such as 3GB or 512MB nor a known card{suggestion(text)}"
        )
    if device.memory is None:
        raise RequestError(f"--fit {printable(text[:60])}: {device.title} has no memory of its own; give a size")
    return Card(device.name, device.title, device.memory, device.year)


def cards() -> dict[str, Card]:
    """Return the cards that archcalc knows, by name: the devices with memory of their own."""
    return {
        device.name: Card(device.name, device.title, device.memory, device.year)
        for device in devices().values()
        if device.memory is not None
    }
