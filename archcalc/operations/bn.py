"""Batch normalisation."""

from __future__ import annotations

from archcalc.operations.base import Example, setting
from archcalc.operations.normalisation import Normalisation
from archcalc.text.readers import flag


class Bn(Normalisation):
    """Normalises each channel by its statistics, then scales and shifts it.

    Ioffe & Szegedy 2015, "Batch Normalization", algorithm 1. A framework's batch norm without scale (TF-slim's
    Inception) has only the shift; Caffe's BatchNorm without a Scale layer after it has neither.
    """

    word = "bn"
    foldable = True
    scale: bool = setting(flag, "a trained scale (gamma) for each channel", True)
    shift: bool = setting(flag, "a trained shift (beta) for each channel", True)
    statistics: bool = setting(
        flag, "whether a running mean and variance are kept for each channel (PyTorch's track_running_stats)", True
    )
    examples = (
        Example("", ((8, 16, 16),), (8, 16, 16), params=16, ops={"norm": 4_096}, source="measured with fvcore"),
        Example("{scale: false}", ((8, 16, 16),), (8, 16, 16), params=8, ops={"norm": 2_048}),
        Example("{scale: false, shift: false}", ((8, 16, 16),), (8, 16, 16), ops={"norm": 2_048}),
        Example("{statistics: false}", ((8, 16, 16),), (8, 16, 16), params=16, ops={"norm": 4_096}),
    )
