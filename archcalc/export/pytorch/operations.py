"""Each operation in PyTorch's words, or the reason why torch.nn has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.pytorch import maps, windows
from archcalc.export.pytorch.units import TO_VECTOR, Unit, call, module, unless
from archcalc.export.sources.expressions import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.export.sources.layers import Layer

    Writer = Callable[[Layer], list[Unit]]

ACTIVATIONS = {
    "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "gelu": "gelu", "swish": "silu",
    "hard_swish": "hardswish", "hard_sigmoid": "hardsigmoid", "mish": "mish", "softplus": "softplus",
    "softsign": "softsign", "selu": "selu",
}  # fmt: skip
"""Activations without settings: archcalc's word and PyTorch's function."""

MODULES = {
    "relu": "ReLU", "relu6": "ReLU6", "sigmoid": "Sigmoid", "tanh": "Tanh", "gelu": "GELU", "swish": "SiLU",
    "hard_swish": "Hardswish", "hard_sigmoid": "Hardsigmoid", "mish": "Mish", "softplus": "Softplus",
    "softsign": "Softsign", "selu": "SELU",
}  # fmt: skip

SETTINGS = {
    "leaky_relu": ("LeakyReLU", ("slope",)), "elu": ("ELU", ("alpha",)), "celu": ("CELU", ("alpha",)),
    "hard_tanh": ("Hardtanh", ("low", "high")),
}  # fmt: skip
"""Activations with settings: PyTorch's module and the settings in its order."""

FUNCTIONS = {
    "exp": "torch.exp({0})", "sqrt": "torch.sqrt({0})", "rsqrt": "torch.rsqrt({0})", "abs": "torch.abs({0})",
    "reciprocal": "torch.reciprocal({0})", "square": "torch.square({0})", "log": "torch.log({0})",
    "sin": "torch.sin({0})", "cos": "torch.cos({0})", "erf": "torch.erf({0})", "negate": "-{0}",
    "sign": "torch.sign({0})", "round": "torch.round({0})", "log_sigmoid": "F.logsigmoid({0})",
    "tanh_shrink": "F.tanhshrink({0})", "soft_shrink": "F.softshrink({0})", "hard_shrink": "F.hardshrink({0})",
}  # fmt: skip

VECTORS = frozenset(
    (*ACTIVATIONS, *SETTINGS, "softmax", "log_softmax", "dropout", "fc", "flatten", "bn", "maxout", "channel_slice",
     "elementwise", "prelu", "add", "multiply", "subtract", "divide", "maximum", "minimum", "mean", "concat", "glu")
)  # fmt: skip
"""Operations that take vectors as they take maps."""


def units(layer: Layer) -> list[Unit]:
    """Return the steps of an operation of one input; raise RequestError where PyTorch has none."""
    word = layer.word
    if word in ACTIVATIONS:
        function = ACTIVATIONS[word]
        place = "torch" if function in ("sigmoid", "tanh") else "F"
        return [Unit(f"nn.{MODULES[word]}()", f"{place}.{function}({{0}})")]
    if word in SETTINGS:
        name, settings = SETTINGS[word]
        return [module(name, *(layer.setting(each) for each in settings))]
    writer = WRITERS.get(word)
    if writer is None:
        raise layer.refuse(REFUSED.get(word, "torch.nn has no such module"))
    return writer(layer)


def _dropout(layer: Layer) -> list[Unit]:
    rate = layer.setting("probability")
    return [module("Dropout") if rate.text == "None" else module("Dropout", rate)]


def _fc(layer: Layer) -> list[Unit]:
    linear = module(
        "Linear", layer.features(), layer.setting("out_features"), bias=unless(layer.setting("bias"), "True")
    )
    return [linear] if layer.values[0].is_vector else [TO_VECTOR, linear]


def _bn(layer: Layer) -> list[Unit]:
    scale, shift = layer.same("scale"), layer.same("shift")
    kind = "1d" if layer.values[0].is_vector else "2d"
    tracked = unless(layer.setting("statistics"), "True")
    if scale == shift:
        affine = None if scale else "False"
        return [module(f"BatchNorm{kind}", layer.channels(), affine=affine, track_running_stats=tracked)]
    if tracked is not None or kind == "1d":
        raise layer.refuse("a scale or a shift alone")
    return [Unit(call("ScaleNorm" if scale else "ShiftNorm", layer.channels()))]


def _layer_norm(layer: Layer) -> list[Unit]:
    scale, shift = layer.same("scale"), layer.same("shift")
    if shift and not scale:
        raise layer.refuse("a shift without a scale")
    affine = None if scale else "False"
    bias = "False" if scale and not shift else None
    if layer.same("over") == "channels":
        return [Unit(call("LayerNorm", layer.channels(), elementwise_affine=affine, bias=bias))]
    shape = layer.computed("shape", lambda step: tuple(layer.shape(step)))
    return [module("LayerNorm", shape, elementwise_affine=affine, bias=bias)]


def _group_norm(layer: Layer) -> list[Unit]:
    scale, shift = layer.same("scale"), layer.same("shift")
    if scale != shift:
        raise layer.refuse("a scale or a shift alone")
    return [module("GroupNorm", layer.setting("groups"), layer.channels(), affine=None if scale else "False")]


def _instance_norm(layer: Layer) -> list[Unit]:
    scale, shift = layer.same("scale"), layer.same("shift")
    if scale != shift:
        raise layer.refuse("a scale or a shift alone")
    tracked = "True" if layer.same("statistics") else None
    return [module("InstanceNorm2d", layer.channels(), affine="True" if scale else None, track_running_stats=tracked)]


def _lrn(layer: Layer) -> list[Unit]:
    if layer.same("within_channel"):
        raise layer.refuse("torch.nn normalises over neighbouring channels only, not within a channel")
    return [module("LocalResponseNorm", layer.setting("neighbours"))]


def _adaptive(name: str) -> Writer:
    def write(layer: Layer) -> list[Unit]:
        size = layer.pair("pooled")
        return [Unit(f"nn.Adaptive{name}Pool2d({size.text})", "")]

    return write


def _global(name: str) -> Writer:
    function = f"F.adaptive_{name.lower()}_pool2d({{0}}, 1)"
    return lambda layer: [Unit(f"nn.Adaptive{name}Pool2d(1)", function)]


def _softmax(name: str, function: str) -> Writer:
    return lambda layer: [Unit(f"nn.{name}(1)", f"F.{function}({{0}}, 1)")]


def _flatten(layer: Layer) -> list[Unit]:
    return [] if layer.values[0].is_vector else [TO_VECTOR]


def _elementwise(layer: Layer) -> list[Unit]:
    function = layer.same("function")
    if function not in FUNCTIONS:
        raise layer.refuse(f"the spec does not say with what number {function} is computed")
    return [Unit("", FUNCTIONS[function])]


def _prelu(layer: Layer) -> list[Unit]:
    slopes = layer.same("slopes")
    if slopes not in ("channel", "layer"):
        raise layer.refuse("nn.PReLU has a slope for each channel or for all, not for each value")
    return [module("PReLU") if slopes == "layer" else module("PReLU", layer.channels())]


def _l2_norm(layer: Layer) -> list[Unit]:
    if layer.same("scale"):
        return [Unit(call("L2Norm", layer.channels()))]
    return [Unit("", "F.normalize({0})")]


def _rms_norm(layer: Layer) -> list[Unit]:
    affine = None if layer.same("scale") else "False"
    return [Unit(call("RMSNorm", layer.channels(), elementwise_affine=affine))]


def _recurrent(name: str) -> Writer:
    def write(layer: Layer) -> list[Unit]:
        bias = layer.same("bias")
        if bias == "single":
            raise layer.refuse(f"nn.{name} has biases of the input and of the state, not of both together")
        cells = call(
            f"nn.{name}", layer.channels(), layer.setting("units"), unless(layer.setting("layers"), "1") or "1",
            batch_first="True", bias="False" if bias == "none" else None,
            bidirectional=unless(layer.setting("bidirectional"), "False"),
        )  # fmt: skip
        return [Unit(call("Recurrent", cells, last=unless(layer.setting("last"), "False")))]

    return write


def _embedding(layer: Layer) -> list[Unit]:
    return [Unit(call("Embedding", layer.setting("vocabulary"), layer.setting("channels")))]


def _simple(name: str, *settings: str) -> Writer:
    return lambda layer: [module(name, *(layer.setting(each) for each in settings))]


def _position(layer: Layer) -> list[Unit]:
    if not layer.same("learned"):
        raise layer.refuse("the spec does not say which fixed values are added")
    return [Unit(call("Position", layer.computed("shape", lambda step: tuple(layer.shape(step)))))]


def _scale(layer: Layer) -> list[Unit]:
    return [Unit(call("Scale", layer.channels(), bias=unless(layer.setting("bias"), "False")))]


def _class_token(layer: Layer) -> list[Unit]:
    return [Unit(call("ClassToken", layer.channels(), count=unless(layer.setting("count"), "1")))]


def _attention(layer: Layer) -> list[Unit]:
    key_heads = layer.same("key_heads")
    if layer.same("key") is not None or (key_heads is not None and key_heads != layer.same("heads")):
        raise layer.refuse("keys of another size or number than the values")
    heads, window = layer.setting("heads"), layer.same("window")
    if window is None:
        return [Unit(call("Attention", heads))]
    settings = {
        "grid": unless(layer.setting("grid"), "False"),
        "relative_bias": "True" if layer.same("relative_bias") and layer.same("bias_network") is None else None,
        "bias_network": unless(layer.setting("bias_network"), "None"),
        "temperature": unless(layer.setting("temperature"), "False"),
    }
    return [Unit(call("WindowAttention", heads, literal(tuple(window)), **settings))]


WRITERS: dict[str, Writer] = {
    "conv": windows.conv, "depthwise_conv": windows.depthwise_conv, "conv_transpose": windows.conv_transpose,
    "max_pool": windows.max_pool, "avg_pool": windows.avg_pool, "subsampling": windows.subsampling,
    "dropout": _dropout, "fc": _fc, "flatten": _flatten, "bn": _bn, "layer_norm": _layer_norm,
    "group_norm": _group_norm, "instance_norm": _instance_norm, "lrn": _lrn, "rms_norm": _rms_norm, "l2_norm": _l2_norm,
    "lstm": _recurrent("LSTM"), "gru": _recurrent("GRU"), "embedding": _embedding,
    "adaptive_avg_pool": _adaptive("Avg"), "adaptive_max_pool": _adaptive("Max"),
    "global_avg_pool": _global("Avg"), "global_max_pool": _global("Max"),
    "softmax": _softmax("Softmax", "softmax"), "log_softmax": _softmax("LogSoftmax", "log_softmax"),
    "maxout": maps.maxout, "channel_slice": maps.channel_slice, "channel_shuffle": _simple("ChannelShuffle", "groups"),
    "pad_channels": maps.pad_channels, "crop": maps.crop, "pad": maps.pad, "resize": maps.scaled,
    "upsample": maps.scaled, "pixel_shuffle": _simple("PixelShuffle", "factor"),
    "pixel_unshuffle": _simple("PixelUnshuffle", "factor"), "reshape": maps.reshape, "elementwise": _elementwise,
    "prelu": _prelu, "glu": lambda layer: [Unit("nn.GLU(1)", "F.glu({0}, 1)")], "position": _position,
    "tokens": lambda layer: [Unit("", "{0}.flatten(2).unsqueeze(3)")], "scale": _scale,
    "class_token": _class_token, "attention": _attention,
}  # fmt: skip
"""Operations of one input."""

REFUSED = {
    "custom": "what it computes, the spec says in words only",
    "roi_pool": "torch.nn pools no regions; torchvision.ops.roi_pool does",
    "locally_connected": "torch.nn has no layer with weights of its own at each place",
    "max_unpool": "nn.MaxUnpool2d needs the indices of a pooling, and the spec does not say of which",
}
"""Operations that torch.nn does not have, and why."""
