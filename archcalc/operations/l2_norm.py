"""Normalisation to length 1."""

from __future__ import annotations

from archcalc.operations.base import Example, setting
from archcalc.operations.normalisation import Normalisation
from archcalc.text.readers import flag


class L2Norm(Normalisation):
    """Divides each position by the Euclidean norm of its channels, then scales each channel.

    Liu et al. 2016, "ParseNet", section 3.2; SSD uses it after conv4_3, with a scale initialised to 20: Liu et al.
    2016, "SSD: Single Shot MultiBox Detector", section 3.1. Caffe's Normalize without across_spatial.
    """

    word = "l2_norm"
    scale: bool = setting(flag, "a trained scale for each channel", True)
    examples = (
        Example("", ((512, 38, 38),), (512, 38, 38), params=512, ops={"norm": 739_328}, source="SSD300's conv4_3"),
        Example("false", ((128, 1, 1),), (128, 1, 1), ops={"norm": 128}, source="FaceNet's embedding"),
    )
