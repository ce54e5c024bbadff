"""Long short-term memory."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.recurrent import Recurrent


class Lstm(Recurrent):
    """Keeps a state over the steps of a sequence, with four gates: input, forget, cell and output.

    Hochreiter & Schmidhuber 1997, "Long Short-Term Memory", as PyTorch's LSTM computes it.
    """

    word = "lstm"
    gates = 4
    examples = (
        Example(
            "{units: 256, bidirectional: true}",
            ((512, 1, 26),),
            (512, 1, 26),
            params=1_576_960,
            ops={"mac": 40_894_464, "bias": 106_496},
            source="CRNN's first: PyTorch's LSTM(512, 256, bidirectional=True) has 1,576,960 parameters",
        ),
        Example(
            "{units: 128, bias: single, last: true}",
            ((64, 20, 1),),
            (128, 1, 1),
            params=98_816,
            ops={"mac": 1_966_080, "bias": 10_240},
            source="Keras' LSTM(128) on 64 features: 4·(128·(64 + 128) + 128)",
        ),
        Example(
            "{units: 8, layers: 2, bidirectional: true, bias: none}",
            ((4, 3, 1),),
            (16, 3, 1),
            params=2 * 32 * 12 + 2 * 32 * 24,
            ops={"mac": 3 * (2 * 32 * 12 + 2 * 32 * 24)},
        ),
    )
