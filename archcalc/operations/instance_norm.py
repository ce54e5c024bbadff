"""Instance normalisation."""

from __future__ import annotations

from archcalc.operations.base import Example, setting
from archcalc.operations.normalisation import Normalisation
from archcalc.text.readers import flag


class InstanceNorm(Normalisation):
    """Normalises each channel of an image over its map.

    Ulyanov et al. 2016, "Instance Normalization". As in PyTorch's InstanceNorm2d, nothing is trained and no statistics
    are kept unless a setting says so.
    """

    word = "instance_norm"
    sees_whole_map = True
    scale: bool = setting(flag, "a trained scale (gamma) for each channel", False)
    shift: bool = setting(flag, "a trained shift (beta) for each channel", False)
    statistics: bool = setting(flag, "whether a running mean and variance are kept for each channel", False)
    examples = (
        Example("", ((64, 256, 256),), (64, 256, 256), ops={"norm": 4_194_304}, source="pix2pix and CycleGAN"),
        Example(
            "{scale: true, shift: true}",
            ((8, 16, 16),),
            (8, 16, 16),
            params=16,
            ops={"norm": 4_096},
            source="PyTorch's InstanceNorm2d(8, affine=True)",
        ),
        Example("{scale: true, statistics: true}", ((8, 4, 4),), (8, 4, 4), params=8, ops={"norm": 128}),
    )
