"""A Darknet network as a net, by the rules of darknet's parser.c and of its layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.readers.darknet.context import Layers
from archcalc.exchange.readers.darknet.layers import LAYERS
from archcalc.exchange.readers.darknet.sections import read_sections
from archcalc.exchange.request import closed
from archcalc.exchange.tensors import ModelFault, Origin, TextFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.readers.darknet.sections import Section

SHORT = {
    "conv": "convolutional", "deconv": "deconvolutional", "conn": "connected", "max": "maxpool", "avg": "avgpool",
    "soft": "softmax", "lrn": "normalization", "batchnorm": "batchnorm", "net": "net", "network": "net",
    "upscale": "upsample",
}  # fmt: skip
"""Other names that darknet takes for the same section."""


def read(file: str, text: str, sizes: Mapping[str, tuple[int, ...]], net: Operands) -> str:
    """Read a .cfg file into a net.

    Raise ModelFault (a TextFault where a line is to blame) where it is not understood.
    """
    sections = [section.replace(type=SHORT.get(section.type, section.type)) for section in read_sections(text)]
    if not sections or sections[0].type != "net":
        raise ModelFault("it does not begin with [net]")
    layers = Layers(net)
    layers.last = _input(file, net, sections[0], sizes)
    for index, section in enumerate(sections[1:]):
        net.origin = Origin(f"{section.type}_{index}", section.type, index, line=section.line)
        function = LAYERS.get(section.type)
        if function is None:
            raise TextFault(f"archcalc does not know the section [{section.type}]", section.line)
        layers.section, layers.index = section, index
        layers.last = function(layers)
        layers.outputs.append(layers.last)
    for index, number in layers.results():
        net.outputs[f"{sections[1 + index].type}_{index}"] = number
    return ""


def _input(file: str, net: Operands, section: Section, sizes: Mapping[str, tuple[int, ...]]) -> int:
    net.origin = Origin("net", "net", -1, line=section.line)
    if section.whole("inputs", 0) and not section.whole("height", 0):
        return net.add("input", [], (1, section.whole("inputs", 0)), name="input")
    names = ("channels", "height", "width")
    axes = [section.whole(name, 0) or name for name in names]
    return net.add("input", [], (1, *closed(file, "net", axes, sizes)), name="input")
