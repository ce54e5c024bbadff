"""How a network is run and trained, as far as its time depends on it."""

from __future__ import annotations

from typing import NamedTuple


class TimeOptions(NamedTuple):
    """How a network is run and trained."""

    tensor: bool | None = None
    """Whether matrix units multiply; None: for types of 16 bits and fewer, where the device has some."""
    optimizer: str = "momentum"
    """What trains it; ``none``: it is only run."""
    mixed: bool = False
    """Whether float16 is trained with float32 weights beside it."""
