"""Average pooling."""

from __future__ import annotations

from archcalc.operations.base import Example, setting
from archcalc.operations.pooling import Pooling
from archcalc.text.readers import flag


class AvgPool(Pooling):
    """Averages each window."""

    word = "avg_pool"
    saved_for_backward = ""
    count_include_pad: bool = setting(
        flag, "whether the padding's zeros count among the values averaged (not in Keras); changes no figure", True
    )
    examples = (
        Example("{kernel: 5, stride: 3}", ((512, 14, 14),), (512, 4, 4), ops={"pool": 512 * 16 * 25}),
        Example("{kernel: 2, stride: 2}", ((256, 56, 56),), (256, 28, 28), ops={"pool": 256 * 784 * 4}),
    )
