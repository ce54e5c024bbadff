"""Keras layers that slide a window, and those that change the size of a map.

Source: Keras' convolutional and pooling layers; ``same`` has the odd pixel behind, as TensorFlow has it.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archcalc.exchange.readers.keras.activations import activated
from archcalc.exchange.sizes import same_pads
from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.keras.context import Context
    from archcalc.exchange.sizes import Pairs


def conv(c: Context) -> list[int]:
    """Conv1D and Conv2D."""
    filters, groups = c.whole("filters"), c.whole("groups", 1)
    kernel, rank = c.several("kernel_size", c.rank), c.rank
    inside = c.inside
    if groups < 1 or inside % groups:
        raise ModelFault(f"{inside} channels in {groups} groups")
    weights = [c.weight("kernel", *kernel, inside // groups, filters)]
    if c.flag("use_bias", True):
        weights.append(c.weight("bias", filters))
    stride, dilation = c.several("strides", rank, 1), c.several("dilation_rate", rank, 1)
    x = c.net.conv(c.x, weights, filters, kernel, stride, _pads(c, kernel, dilation), dilation, groups, c.channels)
    return activated(c, x)


def _pads(c: Context, kernel: tuple[int, ...], dilation: tuple[int, ...]) -> Pairs | str | None:
    if c.word("padding", "valid") == "causal":
        return tuple(((size - 1) * apart, 0) for size, apart in zip(kernel, dilation, strict=True))
    return c.pads()


def depthwise(c: Context) -> list[int]:
    """DepthwiseConv1D and 2D: ``depth_multiplier`` filters for each channel."""
    filters = c.inside * c.whole("depth_multiplier", 1)
    kernel, rank = c.several("kernel_size", c.rank), c.rank
    weights = [c.weight("kernel", *kernel, 1, filters)]
    if c.flag("use_bias", True):
        weights.append(c.weight("bias", filters))
    stride, dilation = c.several("strides", rank, 1), c.several("dilation_rate", rank, 1)
    x = c.net.conv(c.x, weights, filters, kernel, stride, _pads(c, kernel, dilation), dilation, c.inside, c.channels)
    return activated(c, x)


def separable(c: Context) -> list[int]:
    """SeparableConv1D and 2D: a depthwise convolution, then one of 1 x 1 that has the bias of both."""
    filters, multiplier = c.whole("filters"), c.whole("depth_multiplier", 1)
    kernel, rank = c.several("kernel_size", c.rank), c.rank
    middle = c.inside * multiplier
    stride, dilation = c.several("strides", rank, 1), c.several("dilation_rate", rank, 1)
    pads = _pads(c, kernel, dilation)
    first = [c.weight("depthwise_kernel", *kernel, 1, middle)]
    x = c.net.conv(c.x, first, middle, kernel, stride, pads, dilation, c.inside, c.channels)
    ones = (1,) * rank
    second = [c.weight("pointwise_kernel", *ones, middle, filters)]
    if c.flag("use_bias", True):
        second.append(c.weight("bias", filters))
    return activated(c, c.net.conv(x, second, filters, ones, channels=c.channels))


def conv_transpose(c: Context) -> list[int]:
    """Conv1DTranspose and Conv2DTranspose: ``same`` makes the map exactly as many times larger as the stride."""
    filters, rank = c.whole("filters"), c.rank
    kernel, stride = c.several("kernel_size", rank), c.several("strides", rank, 1)
    dilation = c.several("dilation_rate", rank, 1)
    weights = [c.weight("kernel", *kernel, filters, c.inside)]
    if c.flag("use_bias", True):
        weights.append(c.weight("bias", filters))
    added = c.config.get("output_padding")
    pads, behind = [], []
    for axis, (size, step, apart) in enumerate(zip(kernel, stride, dilation, strict=True)):
        reaching = apart * (size - 1) + 1
        if added is not None:
            own = added[axis] if isinstance(added, list) else added
            pads.append((size // 2, size // 2) if c.pads() else (0, 0))
            behind.append(int(own))
        elif c.pads():
            surplus = reaching - step
            pads.append((max(surplus, 0) // 2, max(surplus, 0) - max(surplus, 0) // 2))
            behind.append(max(-surplus, 0))
        else:
            pads.append((0, 0))
            behind.append(max(step - reaching, 0))
    x = c.net.conv_transpose(c.x, weights, filters, kernel, stride, tuple(pads), behind, dilation, 1, c.channels)
    return activated(c, x)


def pool(c: Context) -> list[int]:
    """MaxPooling and AveragePooling."""
    op = "max" if c.layer.cls.startswith("Max") else "avg"
    rank = c.rank
    kernel = c.several("pool_size", rank, 2)
    stride = c.several("strides", rank, 0)
    stride = kernel if 0 in stride else stride
    return [c.net.pool(c.x, op, kernel, stride, c.pads(), channels=c.channels)]


def global_pool(c: Context) -> list[int]:
    """GlobalAveragePooling and GlobalMaxPooling."""
    axes = [axis for axis in range(1, len(c.shape)) if axis != c.channels]
    op = "max" if "Max" in c.layer.cls else "mean"
    return [c.net.reduce(c.x, op, axes, keep=c.flag("keepdims", False))]


def adaptive_pool(c: Context) -> list[int]:
    """AdaptiveAveragePooling and AdaptiveMaxPooling."""
    op = "max" if "Max" in c.layer.cls else "avg"
    return [c.net.adaptive_pool(c.x, op, c.several("output_size", c.rank), c.channels)]


def _sides(c: Context, name: str) -> list[tuple[int, int]]:
    """Return what is added to, or cut off, both ends of each axis."""
    held, rank = c.config.get(name, 1), c.rank
    if isinstance(held, int):
        return [(held, held)] * rank
    if rank == 1 and isinstance(held, list) and all(isinstance(each, int) for each in held):
        return [(held[0], held[-1])]
    found = [(each, each) if isinstance(each, int) else tuple(each) for each in held]
    if len(found) != rank or any(len(each) != 2 or not all(isinstance(n, int) for n in each) for each in found):
        raise ModelFault(f"its {name} is {held!r}")
    return found


def zero_padding(c: Context) -> list[int]:
    """ZeroPadding1D and 2D, Cropping1D and 2D."""
    name, sign = ("cropping", -1) if c.layer.cls.startswith("Cropping") else ("padding", 1)
    sides = iter(_sides(c, name))
    none = (0, 0)
    ends = [none if axis in (0, c.channels) else next(sides) for axis in range(len(c.shape))]
    pairs = [(sign * front, sign * behind) for front, behind in ends]
    x = c.x
    if sign == 1:
        return [c.net.pad(x, pairs)]
    for axis, (front, behind) in enumerate(pairs):
        x = c.net.slice(x, axis, -front, c.shape[axis] + behind)
    return [x]


def upsample(c: Context) -> list[int]:
    """UpSampling1D and 2D: each place many times, or in between."""
    rank = c.rank
    factors = c.several("size", rank, 2)
    space = [axis for axis in range(1, len(c.shape)) if axis != c.channels]
    sizes = list(c.shape)
    for axis, factor in zip(space, factors, strict=True):
        sizes[axis] *= factor
    mode = c.word("interpolation", "nearest")
    scales = dict(zip(space, factors, strict=True))
    return [c.net.add("resize", [c.x], sizes, mode=mode, scales=scales, channels=c.channels)]


def resizing(c: Context) -> list[int]:
    """Resizing and CenterCrop, to a size."""
    sizes = list(c.shape)
    space = [axis for axis in range(1, len(c.shape)) if axis != c.channels]
    goal = (c.whole("height"), c.whole("width"))
    if c.layer.cls == "CenterCrop" and all(sizes[axis] >= length for axis, length in zip(space, goal, strict=True)):
        x = c.x
        for axis, length in zip(space, goal, strict=True):
            start = (sizes[axis] - length) // 2
            x = c.net.slice(x, axis, start, start + length)
        return [x]
    for axis, length in zip(space, goal, strict=True):
        sizes[axis] = length
    mode = c.word("interpolation", "bilinear")
    return [c.net.add("resize", [c.x], sizes, mode=mode, scales=None, channels=c.channels)]


def local(c: Context) -> list[int]:
    """LocallyConnected1D and 2D (Keras 2): the weights of each place are its own."""
    filters, rank = c.whole("filters"), c.rank
    kernel, stride = c.several("kernel_size", rank), c.several("strides", rank, 1)
    space = [length for axis, length in enumerate(c.shape) if axis not in (0, c.channels)]
    pads = tuple(
        same_pads(*numbers, dilation=1) if c.pads() else (0, 0) for numbers in zip(space, kernel, stride, strict=True)
    )
    lengths = [(length + sum(pad) - size) // step + 1
               for length, size, step, pad in zip(space, kernel, stride, pads, strict=True)]  # fmt: skip
    rest = iter(lengths)
    shape = [filters if axis == c.channels else next(rest) if axis else 1 for axis in range(len(c.shape))]
    weights = [c.weight("kernel", prod(lengths), prod(kernel) * c.inside, filters)]
    if c.flag("use_bias", True):
        weights.append(c.weight("bias", *lengths, filters))
    x = c.net.add(
        "local", [c.x], shape, weights, filters=filters, kernel=kernel, stride=stride, pads=pads, channels=c.channels,
        bias=len(weights) > 1,
    )  # fmt: skip
    return activated(c, x)


LAYERS: dict[str, Callable[[Context], list[int]]] = {
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D", "Convolution2D", "Convolution1D"), conv),
    **dict.fromkeys(("DepthwiseConv2D", "DepthwiseConv1D"), depthwise),
    **dict.fromkeys(("SeparableConv2D", "SeparableConv1D", "SeparableConvolution2D"), separable),
    **dict.fromkeys(("Conv2DTranspose", "Conv1DTranspose", "Convolution2DTranspose"), conv_transpose),
    **dict.fromkeys(
        ("MaxPooling1D", "MaxPooling2D", "MaxPool2D", "AveragePooling1D", "AveragePooling2D", "MaxPooling3D"), pool
    ),
    **dict.fromkeys(
        ("GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D",
         "GlobalAvgPool2D", "GlobalMaxPool2D"), global_pool,
    ),
    **dict.fromkeys(
        ("AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D"),
        adaptive_pool,
    ),
    **dict.fromkeys(("ZeroPadding1D", "ZeroPadding2D", "Cropping1D", "Cropping2D"), zero_padding),
    **dict.fromkeys(("UpSampling1D", "UpSampling2D"), upsample),
    **dict.fromkeys(("Resizing", "CenterCrop"), resizing),
    **dict.fromkeys(("LocallyConnected1D", "LocallyConnected2D"), local),
}  # fmt: skip
