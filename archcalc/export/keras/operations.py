"""Each operation in Keras' words, or the reason why Keras has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.export.keras import windows
from archcalc.export.keras.units import TO_VECTOR, Unit, call, function, layer, unless
from archcalc.export.sources.expressions import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.export.sources.layers import Layer

    Writer = Callable[[Layer], list[Unit]]

ACTIVATIONS = {
    "relu": "layers.ReLU()", "relu6": 'layers.Activation("relu6")', "sigmoid": 'layers.Activation("sigmoid")',
    "tanh": 'layers.Activation("tanh")', "gelu": 'layers.Activation("gelu")', "swish": 'layers.Activation("silu")',
    "hard_swish": 'layers.Activation("hard_silu")', "hard_sigmoid": 'layers.Activation("hard_sigmoid")',
    "mish": 'layers.Activation("mish")', "softplus": 'layers.Activation("softplus")',
    "softsign": 'layers.Activation("softsign")', "selu": 'layers.Activation("selu")',
    "glu": 'layers.Activation("glu")', "softmax": "layers.Softmax()", "log_softmax": 'layers.Activation("log_softmax")',
}  # fmt: skip
"""Operations without settings that are a layer of Keras."""

FUNCTIONS = {
    "exp": "ops.exp({0})", "sqrt": "ops.sqrt({0})", "rsqrt": "ops.rsqrt({0})", "abs": "ops.abs({0})",
    "reciprocal": "ops.reciprocal({0})", "square": "ops.square({0})", "log": "ops.log({0})", "sin": "ops.sin({0})",
    "cos": "ops.cos({0})", "erf": "ops.erf({0})", "negate": "ops.negative({0})", "sign": "ops.sign({0})",
    "round": "ops.round({0})", "log_sigmoid": "ops.log_sigmoid({0})", "tanh_shrink": "ops.tanh_shrink({0})",
    "soft_shrink": "ops.soft_shrink({0})", "hard_shrink": "ops.hard_shrink({0})",
}  # fmt: skip

VECTORS = frozenset(
    (*ACTIVATIONS, "dropout", "fc", "flatten", "bn", "maxout", "channel_slice", "elementwise", "leaky_relu", "elu",
     "layer_norm", "reshape", "scale")
)  # fmt: skip
"""Operations that take vectors as they take maps."""


def units(at: Layer) -> list[Unit]:
    """Return the steps of an operation of one input; raise RequestError where Keras has none."""
    if at.word in ACTIVATIONS:
        return [Unit(ACTIVATIONS[at.word])]
    writer = WRITERS.get(at.word)
    if writer is None:
        raise at.refuse(REFUSED.get(at.word, "Keras has no such layer"))
    return writer(at)


def _dropout(at: Layer) -> list[Unit]:
    rate = at.setting("probability")
    return [layer("Dropout", "0.5" if rate.text == "None" else rate)]


def _fc(at: Layer) -> list[Unit]:
    dense = layer("Dense", at.setting("out_features"), use_bias=unless(at.setting("bias"), "True"))
    return [dense] if at.values[0].is_vector else [TO_VECTOR, dense]


def _bn(at: Layer) -> list[Unit]:
    if not at.same("statistics"):
        raise at.refuse("BatchNormalization always keeps statistics")
    scale, shift = unless(at.setting("scale"), "True"), unless(at.setting("shift"), "True")
    return [layer("BatchNormalization", scale=scale, center=shift)]


def _norm(name: str, *arguments: str) -> Writer:
    def write(at: Layer) -> list[Unit]:
        given: list[Any] = [at.setting(each) for each in arguments]
        scale, shift = unless(at.setting("scale"), "True"), unless(at.setting("shift"), "True")
        whole = "over" in type(at.first).settings and at.same("over") == "map"
        return [layer(name, *given, axis="(1, 2, 3)" if whole else None, scale=scale, center=shift)]

    return write


def _instance_norm(at: Layer) -> list[Unit]:
    if at.same("statistics"):
        raise at.refuse("GroupNormalization keeps no statistics")
    scale, shift = unless(at.setting("scale"), "True"), unless(at.setting("shift"), "True")
    return [layer("GroupNormalization", "-1", scale=scale, center=shift)]


def _rms_norm(at: Layer) -> list[Unit]:
    if not at.same("scale"):
        raise at.refuse("RMSNormalization always has a scale")
    return [layer("RMSNormalization")]


def _l2_norm(at: Layer) -> list[Unit]:
    return [layer("UnitNormalization"), *([Unit("Scale()")] if at.same("scale") else [])]


def _lrn(at: Layer) -> list[Unit]:
    if at.same("within_channel"):
        raise at.refuse("normalisation within a channel")
    return [function("local_response_norm", at.setting("neighbours"))]


def _adaptive(name: str) -> Writer:
    def write(at: Layer) -> list[Unit]:
        if not at.all_are(lambda step: _evenly(at, step)):
            return [layer(f"Adaptive{name}Pooling2D", at.pair("pooled"))]
        kernel = at.pair_of("kernel", lambda step: _window(at, step))
        return [] if kernel.text == "1" else [layer(f"{name}Pooling2D", kernel)]

    return write


def _evenly(at: Layer, step: Any) -> bool:
    """Whether the windows of an adaptive pooling tile the map."""
    return all(side % kept == 0 for side, kept in zip(at.shape(step)[1:], at.output(step)[1:], strict=True))


def _window(at: Layer, step: Any) -> tuple[int, int]:
    shape, kept = at.shape(step), at.output(step)
    return shape.height // kept.height, shape.width // kept.width


def _channel_slice(at: Layer) -> list[Unit]:
    return [Unit("", f"{{0}}[..., {at.kept_channels()}]")]


def _pad_channels(at: Layer) -> list[Unit]:
    stride = at.same("stride")
    kept = "" if stride == (1, 1) else f"[:, ::{stride[0]}, ::{stride[1]}]"
    return [Unit("", f"ops.pad({{0}}{kept}, ((0, 0), (0, 0), (0, 0), (0, {at.added_channels().text})))")]


def _crop(at: Layer) -> list[Unit]:
    def cut(step: Any) -> tuple[int, int, int, int]:
        sides: list[int] = []
        for axis, reads in enumerate(at.operation(step).reads(at.shape(step))):
            first = reads.first[0]
            sides += [first, at.shape(step)[1 + axis] - first - at.output(step)[1 + axis]]
        return sides[0], sides[1], sides[2], sides[3]

    if at.all_are(lambda step: not any(cut(step))):
        return []
    return [layer("Cropping2D", windows.uneven(at, cut))]


def _pad(at: Layer) -> list[Unit]:
    mode = at.same("mode")

    def sides(step: Any) -> tuple[int, int, int, int]:
        top, bottom, left, right = at.operation(step).added(at.shape(step))
        return top, bottom, left, right

    if mode == "zero":
        even = at.even_padding(sides, None)
        return [layer("ZeroPadding2D", windows.uneven(at, sides) if even is None else even)]
    if mode != "reflect":
        raise at.refuse(f"mode: {mode}")
    return [function("pad_reflected", windows.uneven(at, sides))]


def _scaled(at: Layer) -> list[Unit]:
    mode = at.same("mode")
    if at.same("align_corners") or mode not in ("nearest", "bilinear"):
        raise at.refuse("aligned corners" if at.same("align_corners") else f"mode: {mode}")
    kind = None if mode == "nearest" else f'"{mode}"'
    if at.all_are(lambda step: all(out % side == 0 for out, side in _sizes(at, step))):
        factor = at.pair_of("factor", lambda step: tuple(out // side for out, side in _sizes(at, step)))
        return [layer("UpSampling2D", factor, interpolation=kind)]
    height, width = (at.computed("size", lambda step, axis=axis: at.output(step)[axis]) for axis in (1, 2))
    return [layer("Resizing", height, width, interpolation=kind or '"nearest"')]


def _sizes(at: Layer, step: Any) -> list[tuple[int, int]]:
    return list(zip(at.output(step)[1:], at.shape(step)[1:], strict=True))


def _reshape(at: Layer) -> list[Unit]:
    def turned(step: Any) -> tuple[int, int, int]:
        channels, height, width = at.output(step)
        return height, width, channels

    if at.values[0].is_vector or at.all_are(lambda step: at.shape(step).values == at.shape(step).channels):
        return [layer("Reshape", at.computed("shape", turned))]
    return [function("reshape", at.computed("shape", lambda step: tuple(at.output(step))))]


def _elementwise(at: Layer) -> list[Unit]:
    kind = at.same("function")
    if kind not in FUNCTIONS:
        raise at.refuse(f"the spec does not say with what number {kind} is computed")
    return [Unit("", FUNCTIONS[kind])]


def _prelu(at: Layer) -> list[Unit]:
    shared = {"channel": "[1, 2]", "layer": "[1, 2, 3]"}.get(at.same("slopes"))
    return [layer("PReLU", shared_axes=shared)]


def _position(at: Layer) -> list[Unit]:
    if not at.same("learned"):
        raise at.refuse("the spec does not say which fixed values are added")
    return [Unit("Position()")]


def _attention(at: Layer) -> list[Unit]:
    key_heads = at.same("key_heads")
    if at.same("key") is not None or (key_heads is not None and key_heads != at.same("heads")):
        raise at.refuse("keys of another size or number than the values")
    heads, window = at.setting("heads"), at.same("window")
    if window is None:
        return [function("attention", heads)]
    settings = {
        "grid": unless(at.setting("grid"), "False"),
        "relative_bias": "True" if at.same("relative_bias") and at.same("bias_network") is None else None,
        "bias_network": unless(at.setting("bias_network"), "None"),
        "temperature": unless(at.setting("temperature"), "False"),
    }
    return [Unit(call("WindowAttention", heads, literal(tuple(window)), **settings))]


WRITERS: dict[str, Writer] = {
    "conv": windows.conv, "depthwise_conv": windows.depthwise_conv, "conv_transpose": windows.conv_transpose,
    "max_pool": windows.max_pool, "avg_pool": windows.avg_pool, "subsampling": windows.subsampling,
    "dropout": _dropout, "fc": _fc, "flatten": lambda at: [] if at.values[0].is_vector else [TO_VECTOR], "bn": _bn,
    "layer_norm": _norm("LayerNormalization"), "group_norm": _norm("GroupNormalization", "groups"),
    "instance_norm": _instance_norm, "lrn": _lrn,
    "rms_norm": _rms_norm, "l2_norm": _l2_norm,
    "adaptive_avg_pool": _adaptive("Average"), "adaptive_max_pool": _adaptive("Max"),
    "global_avg_pool": lambda at: [layer("GlobalAveragePooling2D", keepdims="True")],
    "global_max_pool": lambda at: [layer("GlobalMaxPooling2D", keepdims="True")],
    "leaky_relu": lambda at: [layer("LeakyReLU", at.setting("slope"))],
    "elu": lambda at: [layer("ELU", at.setting("alpha"))],
    "maxout": lambda at: [function("maxout", at.setting("pieces"))], "channel_slice": _channel_slice,
    "channel_shuffle": lambda at: [function("channel_shuffle", at.setting("groups"))],
    "pad_channels": _pad_channels, "crop": _crop, "pad": _pad, "resize": _scaled, "upsample": _scaled,
    "pixel_shuffle": lambda at: [function("pixel_shuffle", at.setting("factor"))],
    "pixel_unshuffle": lambda at: [function("pixel_unshuffle", at.setting("factor"))],
    "reshape": _reshape, "elementwise": _elementwise, "prelu": _prelu, "position": _position,
    "tokens": lambda at: [layer("Reshape", f"(-1, 1, {at.channels().text})")],
    "scale": lambda at: [Unit(call("Scale", bias=unless(at.setting("bias"), "False")))],
    "class_token": lambda at: [Unit(call("ClassToken", count=unless(at.setting("count"), "1")))],
    "attention": _attention,
}  # fmt: skip
"""Operations of one input."""

REFUSED = {
    "custom": "what it computes, the spec says in words only",
    "roi_pool": "Keras pools no regions",
    "locally_connected": "Keras 3 has no layer with weights of its own at each place",
    "cross_correlation": "Keras has no convolution whose filter is an activation",
    "max_unpool": "Keras keeps no indices of a pooling",
    **dict.fromkeys(("lstm", "gru", "embedding"), "archcalc writes it for PyTorch alone"),
}
"""Operations that Keras does not have, and why."""
