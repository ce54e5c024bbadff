"""Max pooling."""

from __future__ import annotations

from archcalc.operations.base import Example
from archcalc.operations.pooling import Pooling


class MaxPool(Pooling):
    """Keeps the largest value of each window."""

    word = "max_pool"
    saved_for_backward = "indices"
    examples = (
        Example(
            "{kernel: 3, stride: 2}",
            ((64, 56, 56),),
            (64, 27, 27),
            ops={"pool": 419_904},
            source="pool1 of the one-tower AlexNet in lecture notes: (64·27·27)·(3·3) = 419,904",
        ),
        Example("{kernel: 3, stride: 2, round: ceil}", ((64, 112, 112),), (64, 56, 56), ops={"pool": 1_806_336}),
        Example("{kernel: 2}", ((512, 14, 14),), (512, 7, 7), ops={"pool": 512 * 49 * 4}),
        Example(
            "{kernel: 2, stride: 2, pad: 1, round: ceil}",
            ((1, 5, 5),),
            (1, 3, 3),
            ops={"pool": 36},
            source="PyTorch's ceil_mode: a window that would begin in the padding at the end is left out",
        ),
        Example(
            "{kernel: 1, stride: 2, round: ceil}",
            ((1, 32, 32),),
            (1, 16, 16),
            ops={"pool": 256},
            source="PyTorch's ceil_mode: a window that would begin after the input is left out",
        ),
        Example("{kernel: 1, stride: 2, round: caffe}", ((1, 32, 32),), (1, 17, 17), ops={"pool": 289}),
        Example("{kernel: 2, stride: 2, pad: 1, round: caffe}", ((1, 5, 5),), (1, 3, 3), ops={"pool": 36}),
    )
