"""The options of running and training that time depends on."""

from __future__ import annotations

from typing import NamedTuple


class TimeOptions(NamedTuple):
    """How a network is run and trained."""

    tensor: bool | None = None
    """Whether matrix units multiply; None: for types of 16 bits and fewer, if the device has them."""
    optimizer: str = "momentum"
    """The optimizer; ``none``: inference only."""
    mixed: bool = False
    """Whether float16 is trained with float32 weights beside it."""
