"""Global max pooling."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.global_avg_pool import GlobalAvgPool


class GlobalMaxPool(GlobalAvgPool):
    """Keeps the largest value of each channel.

    PyTorch's AdaptiveMaxPool2d(1), Keras' GlobalMaxPooling2D; over time in Kim 2014, "Convolutional Neural Networks
    for Sentence Classification", section 2.
    """

    word = "global_max_pool"
    saved_for_backward = "indices"
    examples = (Example("", ((1024, 32, 1),), (1024, 1, 1), ops={"pool": 32_768}),)
