"""Gated recurrent unit."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.recurrent import Recurrent


class Gru(Recurrent):
    """Keeps a state over the steps of a sequence, with three gates: reset, update and new.

    Cho et al. 2014, "Learning Phrase Representations using RNN Encoder-Decoder", as PyTorch's GRU computes it.
    """

    word = "gru"
    gates = 3
    examples = (
        Example(
            "128",
            ((64, 20, 1),),
            (128, 20, 1),
            params=74_496,
            ops={"mac": 1_474_560, "bias": 15_360},
            source="PyTorch's GRU(64, 128): 3·128·(64 + 128) + 2·3·128",
        ),
        Example("{units: 4, bias: none}", ((2, 5, 1),), (4, 5, 1), params=72, ops={"mac": 360}),
    )
