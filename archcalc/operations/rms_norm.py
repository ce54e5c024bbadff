"""Normalisation by the root mean square."""

from __future__ import annotations

from archcalc.operations.base import Example, setting
from archcalc.operations.normalisation import Normalisation
from archcalc.text.readers import flag


class RmsNorm(Normalisation):
    """Divides each position by the root mean square of its channels, then scales each channel.

    Zhang & Sennrich 2019, "Root Mean Square Layer Normalization", equation 4.
    """

    word = "rms_norm"
    scale: bool = setting(flag, "a trained scale for each channel", True)
    examples = (
        Example("", ((512, 100, 1),), (512, 100, 1), 512, {"norm": 51_200}, "PyTorch's RMSNorm(512)"),
        Example("false", ((8, 4, 4),), (8, 4, 4), ops={"norm": 128}),
    )
