"""The operations that specs are made of: one file each, and this table.

A new operation is a file in this folder and a line here; only the operations that a spec names are imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.operations.base import Operation

OPERATIONS = {
    "conv": "Conv",
    "depthwise_conv": "DepthwiseConv",
    "conv_transpose": "ConvTranspose",
    "locally_connected": "LocallyConnected",
    "attention": "Attention",
    "matmul": "Matmul",
    "cross_correlation": "CrossCorrelation",
    "tokens": "Tokens",
    "class_token": "ClassToken",
    "position": "Position",
    "embedding": "Embedding",
    "lstm": "Lstm",
    "gru": "Gru",
    "fc": "Fc",
    "max_pool": "MaxPool",
    "max_unpool": "MaxUnpool",
    "avg_pool": "AvgPool",
    "global_avg_pool": "GlobalAvgPool",
    "global_max_pool": "GlobalMaxPool",
    "adaptive_avg_pool": "AdaptiveAvgPool",
    "adaptive_max_pool": "AdaptiveMaxPool",
    "roi_pool": "RoiPool",
    "subsampling": "Subsampling",
    "lrn": "Lrn",
    "bn": "Bn",
    "layer_norm": "LayerNorm",
    "group_norm": "GroupNorm",
    "instance_norm": "InstanceNorm",
    "rms_norm": "RmsNorm",
    "l2_norm": "L2Norm",
    "scale": "Scale",
    "relu": "Relu",
    "relu6": "Relu6",
    "leaky_relu": "LeakyRelu",
    "prelu": "Prelu",
    "elu": "Elu",
    "selu": "Selu",
    "celu": "Celu",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "hard_tanh": "HardTanh",
    "swish": "Swish",
    "mish": "Mish",
    "hard_swish": "HardSwish",
    "hard_sigmoid": "HardSigmoid",
    "gelu": "Gelu",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "elementwise": "Elementwise",
    "glu": "Glu",
    "maxout": "Maxout",
    "softmax": "Softmax",
    "log_softmax": "LogSoftmax",
    "dropout": "Dropout",
    "flatten": "Flatten",
    "reshape": "Reshape",
    "crop": "Crop",
    "pad": "Pad",
    "upsample": "Upsample",
    "resize": "Resize",
    "pixel_shuffle": "PixelShuffle",
    "pixel_unshuffle": "PixelUnshuffle",
    "concat": "Concat",
    "add": "Add",
    "mean": "Mean",
    "multiply": "Multiply",
    "subtract": "Subtract",
    "divide": "Divide",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "pad_channels": "PadChannels",
    "channel_shuffle": "ChannelShuffle",
    "channel_slice": "ChannelSlice",
    "custom": "Custom",
}
"""Word in specs, which is also the file's name, to class."""

_loaded: dict[str, type[Operation]] = {}


def operation(word: str) -> type[Operation]:
    """Return the operation of a word, importing its file the first time."""
    known = _loaded.get(word)
    if known is None:
        module = import_module(f"archcalc.operations.{word}")
        known = _loaded[word] = getattr(module, OPERATIONS[word])
    return known


KINDS_OF_WORK = (
    "mac",
    "attention",
    "matmul",
    "bias",
    "norm",
    "lrn",
    "activation",
    "pool",
    "elementwise",
    "resize",
    "softmax",
    "custom",
)
"""The kinds of the counting contract (docs/conventions.md), in the order of tables."""

MULTIPLY_ADDS = ("mac", "attention", "matmul")
"""The kinds that are multiplications and additions: of weights, and of two activations (the MACs of a network)."""


def macs_in(ops: Mapping[str, int]) -> int:
    """Return the multiply-accumulate operations among work by kind."""
    return sum(ops.get(kind, 0) for kind in MULTIPLY_ADDS)


KINDS_OF_PARAMS = ("weight", "bias", "norm", "custom")
"""The kinds of parameters; running statistics are buffers and stand apart."""
