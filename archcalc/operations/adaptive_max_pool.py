"""Adaptive max pooling."""

from __future__ import annotations

from archcalc.operations.adaptive_avg_pool import AdaptiveAvgPool
from archcalc.operations.base import Example


class AdaptiveMaxPool(AdaptiveAvgPool):
    """Keeps the largest value of each of as many windows as the output has positions, whatever the input's size.

    PyTorch's AdaptiveMaxPool2d; window j of n reaches from ⌊j·H / n⌋ to ⌈(j + 1)·H / n⌉. The levels of spatial pyramid
    pooling: He et al. 2014, "Spatial Pyramid Pooling in Deep Convolutional Networks", section 2.
    """

    word = "adaptive_max_pool"
    saved_for_backward = "indices"
    examples = (
        Example("4", ((256, 13, 13),), (256, 4, 4), ops={"pool": 256 * 16 * 16}),
        Example("{pooled: [3, 1]}", ((8, 7, 2),), (8, 3, 1), ops={"pool": 8 * 9 * 2}),
    )
