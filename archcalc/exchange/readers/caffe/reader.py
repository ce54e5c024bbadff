"""A Caffe network as a net, by the rules of Caffe's own layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.readers.caffe import arithmetic, moves, windows
from archcalc.exchange.readers.caffe.context import Context, Unread
from archcalc.exchange.readers.caffe.inputs import Inputs
from archcalc.exchange.readers.caffe.network import auxiliary, is_loss, layers_of
from archcalc.exchange.readers.caffe.prototext import parse
from archcalc.exchange.tensors import ModelFault, Origin, TextFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archcalc.exchange.operands import Operand, Operands
    from archcalc.exchange.readers.caffe.network import CaffeLayer

LAYERS: dict[str, Callable[[Context], list[Operand | Unread]]] = {
    **windows.LAYERS,
    **moves.LAYERS,
    **arithmetic.LAYERS,
}


def read(file: str, text: str, sizes: Mapping[str, tuple[int, ...]], net: Operands) -> str:
    """Read a prototxt into a net; return the network's name.

    Raise ModelFault (a TextFault where a line is to blame) where it is not understood.
    """
    root = parse(text)
    try:
        layers = layers_of(root, text)
        inputs = Inputs(file, net, sizes)
        inputs.at_top(root)
    except ValueError as error:
        raise TextFault(str(error), 0) from None
    c = Context(net, inputs)
    for index, layer in enumerate(layers):
        net.origin = Origin(layer.name, layer.type, index, line=layer.line, column=layer.column)
        try:
            _run(c, layer, index)
        except ValueError as error:
            raise ModelFault(str(error)) from None
    _name_outputs(c, layers)
    if net.file_batch > 1:
        net.remark(f"the file is for {net.file_batch} images at a time; the figures are for one")
    return root.text("name")


def _run(c: Context, layer: CaffeLayer, index: int) -> None:
    """Add what a layer makes to the blobs."""
    c.layer = layer
    if is_loss(layer):
        c.losses.append(layer)
        return
    if c.inputs.of_layer(layer, index):
        for top in layer.tops:
            c.blobs.pop(top, None)
        return
    function = LAYERS.get(layer.type)
    if function is None:
        found: list[Operand | Unread] = [Unread(layer.type, layer.name)] * len(layer.tops)
        c.skipped.append(layer)
    else:
        found = function(c)
    for top, made in zip(layer.tops, found, strict=False):
        c.blobs[top] = made
        if isinstance(made, int):
            c.made[made] = top


def _name_outputs(c: Context, layers: Sequence[CaffeLayer]) -> None:
    """Take what nobody reads on as outputs, what losses alone read among it; lighter losses serve training."""
    for layer in c.skipped:
        for blob in layer.bottoms:
            c.blobs.setdefault(blob, Unread(layer.type, layer.name))
        c.net.remark(f"the layer {layer.name!r} ({layer.type}) is not read: its input is taken as an output")
    spare = auxiliary(c.losses)
    silenced = {blob for layer in c.losses if layer.type == "Silence" for blob in layer.bottoms}
    ends = {number for number, users in c.net.users().items() if not users and number in c.made}
    ends = {number for number in ends if c.made[number] not in silenced} or ends
    for number in sorted(ends):
        if c.net.nodes[number].kind == "input":
            continue
        name = c.made[number]
        (c.net.training if name in spare else c.net.outputs)[name] = number
    if not c.net.outputs:
        c.net.outputs, c.net.training = c.net.training, {}
    if not c.net.outputs:
        raise ModelFault("no layer of it computes anything from an input")
