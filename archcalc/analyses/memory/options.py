"""The options of running and training that memory depends on."""

from __future__ import annotations

from typing import NamedTuple


class MemoryOptions(NamedTuple):
    """How a network is run and trained."""

    optimizer: str = "momentum"
    mixed: bool = False
    """Whether float16 is trained with float32 weights beside it."""
    bits: int | None = None
    """Bits of a weight, if not those of the type."""
    fold: bool = False
    share: bool = False
    recompute: bool = False
