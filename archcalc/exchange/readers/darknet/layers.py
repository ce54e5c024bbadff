"""Darknet's sections, each as darknet's own layer counts and sizes it."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from archcalc.exchange.tensors import TextFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.readers.darknet.context import Layers


def convolutional(layers: Layers) -> int:
    """[convolutional]: pad=1 means half the size, padding says it; batch norm takes the biases as shifts."""
    section, net = layers.section, layers.net
    channels, _, _ = layers.shape()
    filters, size, groups = section.whole("filters", 1), section.whole("size", 1), max(section.whole("groups", 1), 1)
    stride = section.whole("stride", 1)
    step = (section.whole("stride_y", stride), section.whole("stride_x", stride))
    dilation = section.whole("dilation", 1)
    padding = size // 2 if section.whole("pad", 0) else section.whole("padding", 0)
    padding *= dilation if section.whole("pad", 0) else 1
    norm = section.whole("batch_normalize", 0)
    weights = [layers.weight("weights", filters, channels // groups, size, size)]
    if not norm:
        weights.append(layers.weight("biases", filters))
    pads = ((padding, padding),) * 2
    x = net.conv(layers.last, weights, filters, (size, size), step, pads, (dilation, dilation), groups)
    x = layers.normalised(x, filters) if norm else x
    return layers.activated(x, "logistic")


def deconvolutional(layers: Layers) -> int:
    """[deconvolutional]: a transposed convolution."""
    section, net = layers.section, layers.net
    channels, _, _ = layers.shape()
    filters, size, stride = section.whole("filters", 1), section.whole("size", 1), section.whole("stride", 1)
    padding = size // 2 if section.whole("pad", 0) else section.whole("padding", 0)
    norm = section.whole("batch_normalize", 0)
    weights = [layers.weight("weights", channels, filters, size, size)]
    if not norm:
        weights.append(layers.weight("biases", filters))
    pads = ((padding, padding),) * 2
    x = net.conv_transpose(layers.last, weights, filters, (size, size), (stride, stride), pads)
    return layers.activated(layers.normalised(x, filters) if norm else x, "logistic")


def connected(layers: Layers) -> int:
    """[connected]: fully connected; batch norm takes the biases as shifts."""
    section, net = layers.section, layers.net
    count, norm = section.whole("output", 1), section.whole("batch_normalize", 0)
    shape = net.shape(layers.last)
    x = net.reshape(layers.last, (1, prod(shape)))
    weights = [layers.weight("weights", count, prod(shape))]
    if not norm:
        weights.append(layers.weight("biases", count))
    x = net.linear(x, weights, count)
    if norm:
        x = layers.normalised(x, count)
    return layers.activated(net.reshape(x, (1, count, 1, 1)), "logistic")


def local(layers: Layers) -> int:
    """[local]: a convolution whose weights are those of one place alone."""
    section, net = layers.section, layers.net
    channels, height, width = layers.shape()
    filters, size, stride = section.whole("filters", 1), section.whole("size", 1), section.whole("stride", 1)
    pad = section.whole("pad", 0)
    lengths = [((length - 1) if pad else (length - size)) // max(stride, 1) + 1 for length in (height, width)]
    places = prod(lengths)
    weights = [
        layers.weight("weights", places, filters, channels, size, size), layers.weight("biases", filters, *lengths)
    ]  # fmt: skip
    padding = size // 2 if pad else 0
    x = net.add(
        "local", [layers.last], (1, filters, *lengths), weights, filters=filters, kernel=(size, size),
        stride=(stride, stride), pads=((padding, padding),) * 2, channels=1, bias=True,
    )  # fmt: skip
    return layers.activated(x, "logistic")


def maxpool(layers: Layers) -> int:
    """[maxpool], [local_avgpool]: padded by size - 1, which keeps ⌈H / S⌉ places, unless ``padding`` says otherwise."""
    section = layers.section
    stride = section.whole("stride", 1)
    step = (section.whole("stride_y", stride), section.whole("stride_x", stride))
    size = section.whole("size", stride)
    if section.whole("maxpool_depth", 0):
        raise TextFault("a maximum over channels (maxpool_depth), which archcalc does not read", section.line)
    layers.shape()
    op = "avg" if section.type == "local_avgpool" else "max"
    if "padding" not in section.settings:
        return layers.net.pool(layers.last, op, (size, size), step, "same")
    total = section.whole("padding", 0)
    pads = ((total // 2, total - total // 2),) * 2
    return layers.net.pool(layers.last, op, (size, size), step, pads)


def avgpool(layers: Layers) -> int:
    """[avgpool]: over the whole map."""
    layers.shape()
    return layers.net.reduce(layers.last, "mean", (2, 3), keep=True)


def route(layers: Layers) -> int:
    """[route]: earlier layers side by side, or one group of their channels."""
    section, net = layers.section, layers.net
    chosen = section.wholes("layers")
    if not chosen:
        raise TextFault("[route] names no layers", section.line)
    groups, group = max(section.whole("groups", 1), 1), section.whole("group_id", 0)
    found = []
    for place in chosen:
        x = layers.at(place)
        channels = net.shape(x)[1] // groups
        found.append(net.slice(x, 1, group * channels, (group + 1) * channels) if groups > 1 else x)
    return net.concat(found, 1)


def shortcut(layers: Layers) -> int:
    """[shortcut]: a sum; of maps of another size, the part that both have."""
    section, net = layers.section, layers.net
    x = layers.last
    for place in section.wholes("from"):
        other = layers.at(place)
        x = net.ew("add", [x, _fitted(layers, other, net.shape(x))])
    return layers.activated(x, "linear")


def _fitted(layers: Layers, other: int, shape: tuple[int, ...]) -> int:
    """Return a map with the size of another: every n-th place of it, and as many channels as that has."""
    net = layers.net
    for axis in (2, 3):
        if axis < len(shape) and net.shape(other)[axis] > shape[axis]:
            step = net.shape(other)[axis] // shape[axis]
            other = net.slice(other, axis, 0, step * shape[axis], step)
    channels = net.shape(other)[1]
    if channels > shape[1]:
        return net.slice(other, 1, 0, shape[1])
    missing = shape[1] - channels
    return net.pad(other, ((0, 0), (0, missing), *((0, 0),) * (len(shape) - 2))) if missing else other


def scale_channels(layers: Layers) -> int:
    """[scale_channels]: an earlier map, each channel of it times what flows in (or each place)."""
    from_, net = layers.section.wholes("from"), layers.net
    if not from_:
        raise TextFault("[scale_channels] names no layer", layers.section.line)
    return layers.activated(net.ew("mul", [layers.at(from_[0]), layers.last]), "linear")


def upsample(layers: Layers) -> int:
    """[upsample]: each place becomes stride x stride places."""
    net = layers.net
    channels, height, width = layers.shape()
    stride = layers.section.whole("stride", 2)
    if stride < 1:
        return net.pool(layers.last, "avg", (-stride, -stride))
    shape = (1, channels, height * stride, width * stride)
    return net.add("resize", [layers.last], shape, mode="nearest", scales={2: stride, 3: stride})


def reorg(layers: Layers) -> int:
    """[reorg]: stride x stride places side by side in the channels, or back."""
    stride = layers.section.whole("stride", 1)
    layers.shape()
    if layers.section.whole("reverse", 0):
        return layers.net.node(layers.net.depth_to_space(layers.last, stride))
    return layers.net.node(layers.net.space_to_depth(layers.last, stride))


def crop(layers: Layers) -> int:
    """[crop]: the part of the image that is looked at."""
    _, height, width = layers.shape()
    asked = layers.section.whole("crop_height", height), layers.section.whole("crop_width", width)
    x = layers.last
    for axis, own, length in ((2, height, asked[0]), (3, width, asked[1])):
        if length > own:
            raise TextFault(f"{length} places cannot be cut out of {own}", layers.section.line)
        start = (own - length) // 2
        x = layers.net.slice(x, axis, start, start + length)
    return x


def softmax(layers: Layers) -> int:
    """[softmax]."""
    return layers.net.add("softmax", [layers.last], layers.net.shape(layers.last), axis=1)


def normalization(layers: Layers) -> int:
    """[normalization]: across channels."""
    return layers.net.norm(layers.last, "lrn", neighbours=layers.section.whole("size", 5))


def batchnorm(layers: Layers) -> int:
    """[batchnorm]: by itself."""
    return layers.normalised(layers.last, layers.net.shape(layers.last)[1])


def l2norm(layers: Layers) -> int:
    """[l2norm]: each place's channels to length one."""
    return layers.net.norm(layers.last, "l2", channels=1)


def activation(layers: Layers) -> int:
    """[activation] and [logistic]."""
    default = "logistic" if layers.section.type == "logistic" else "linear"
    return layers.activated(layers.last, default)


def same(layers: Layers) -> int:
    """Hand on: dropout, and what a loss or a decoder makes of the output."""
    return layers.last


def head(layers: Layers) -> int:
    """[yolo], [region], [detection]: reads boxes out of the map; an output of the network."""
    layers.heads.add(layers.index)
    return layers.last


LAYERS: dict[str, Callable[[Layers], int]] = {
    "convolutional": convolutional,
    "deconvolutional": deconvolutional,
    "connected": connected,
    "local": local,
    **dict.fromkeys(("maxpool", "local_maxpool", "local_avgpool"), maxpool),
    "avgpool": avgpool,
    "route": route,
    "shortcut": shortcut,
    **dict.fromkeys(("scale_channels", "sam"), scale_channels),
    "upsample": upsample,
    **dict.fromkeys(("reorg", "reorg3d"), reorg),
    "crop": crop,
    **dict.fromkeys(("softmax", "soft"), softmax),
    "normalization": normalization,
    "batchnorm": batchnorm,
    "l2norm": l2norm,
    **dict.fromkeys(("activation", "logistic"), activation),
    **dict.fromkeys(("dropout", "cost", "empty", "silence", "contrastive"), same),
    **dict.fromkeys(("yolo", "region", "detection", "gaussian_yolo", "iseg"), head),
}
