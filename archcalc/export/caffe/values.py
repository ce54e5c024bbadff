"""Functions of each value, normalisations and merges, in Caffe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.caffe.prototext import Word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from archcalc.export.caffe.context import Blob, Context
    from archcalc.export.caffe.prototext import Fields

IN_PLACE: dict[str, str] = {"relu": "ReLU", "sigmoid": "Sigmoid", "tanh": "TanH"}

ALONE: dict[str, tuple[str, Mapping[str, Fields]]] = {
    "softplus": ("BNLL", {}),
    "exp": ("Exp", {}),
    "log": ("Log", {}),
    "abs": ("AbsVal", {}),
    "square": ("Power", {"power_param": {"power": 2.0}}),
    "sqrt": ("Power", {"power_param": {"power": 0.5}}),
    "rsqrt": ("Power", {"power_param": {"power": -0.5}}),
    "reciprocal": ("Power", {"power_param": {"power": -1.0}}),
    "negate": ("Power", {"power_param": {"scale": -1.0}}),
}


def in_place(c: Context) -> Blob:
    """A layer that may overwrite its input."""
    (x,) = c.inputs
    return c.end(IN_PLACE[c.operation.word], [x], x.dims, in_place=True)


def function(c: Context) -> Blob:
    """One layer, or for a function that Caffe does not have, none."""
    (x,) = c.inputs
    word = getattr(c.operation, "function", c.operation.word)
    if word not in ALONE:
        raise c.refuse(f"it has no layer for {word.replace('_', ' ')}")
    kind, fields = ALONE[word]
    return c.end(kind, [x], x.dims, fields)


def leaky_relu(c: Context) -> Blob:
    """ReLU, with a slope."""
    (x,) = c.inputs
    fields = {"relu_param": {"negative_slope": float(c.operation.slope)}}
    return c.end("ReLU", [x], x.dims, fields, in_place=True)


def elu(c: Context) -> Blob:
    """ELU; celu is one where α is 1."""
    (x,) = c.inputs
    if c.operation.word == "celu" and c.operation.alpha != 1:
        raise c.refuse("it has no layer for celu")
    return c.end("ELU", [x], x.dims, {"elu_param": {"alpha": float(c.operation.alpha)}}, in_place=True)


def clip(c: Context) -> Blob:
    """Clip, which came after Caffe 1.0."""
    (x,) = c.inputs
    low, high = (0, 6) if c.operation.word == "relu6" else (c.operation.low, c.operation.high)
    fields = {"clip_param": {"min": float(low), "max": float(high)}}
    return c.end(c.newer("Clip"), [x], x.dims, fields, in_place=True)


def _hard_gate(c: Context, x: Blob) -> Blob:
    """Return min(max(0, x + 3), 6), which is six times a hard sigmoid."""
    moved = c.add("Power", [x], x.dims, {"power_param": {"shift": 3.0}})
    return c.more("clip", c.newer("Clip"), moved, {"clip_param": {"min": 0.0, "max": 6.0}})


SIXTH: Mapping[str, Fields] = {"power_param": {"scale": 1 / 6}}


def hard_sigmoid(c: Context) -> Blob:
    """Power and Clip, which came after Caffe 1.0."""
    (x,) = c.inputs
    return c.end("Power", [_hard_gate(c, x)], x.dims, SIXTH)


def hard_swish(c: Context) -> Blob:
    """The input times its hard sigmoid."""
    (x,) = c.inputs
    gate = c.more("power", "Power", _hard_gate(c, x), SIXTH)
    return c.end("Eltwise", [x, gate], x.dims, _eltwise("PROD"))


def swish(c: Context) -> Blob:
    """Swish, which came after Caffe 1.0."""
    (x,) = c.inputs
    return c.end(c.newer("Swish"), [x], x.dims)


def selu(c: Context) -> Blob:
    """ELU and Power, with the paper's two numbers: Klambauer et al. 2017, equation 14."""
    (x,) = c.inputs
    bent = c.add("ELU", [x], x.dims, {"elu_param": {"alpha": 1.67326324}})
    return c.end("Power", [bent], x.dims, {"power_param": {"scale": 1.05070099}})


def mish(c: Context) -> Blob:
    """x · tanh(softplus(x)); BNLL is the softplus."""
    (x,) = c.inputs
    curve = c.more("tanh", "TanH", c.add("BNLL", [x], x.dims))
    return c.end("Eltwise", [x, curve], x.dims, _eltwise("PROD"))


def softsign(c: Context) -> Blob:
    """x / (1 + |x|)."""
    (x,) = c.inputs
    below = c.more("power", "Power", c.add("AbsVal", [x], x.dims), {"power_param": {"shift": 1.0, "power": -1.0}})
    return c.end("Eltwise", [x, below], x.dims, _eltwise("PROD"))


def prelu(c: Context) -> Blob:
    """PReLU, with slopes of channels or one."""
    (x,) = c.inputs
    if c.operation.slopes == "value":
        raise c.refuse("its PReLU has one slope for each channel or for the layer, but not for each value")
    fields = {"prelu_param": {"channel_shared": True}} if c.operation.slopes == "layer" else {}
    return c.end("PReLU", [x], x.dims, fields, weights=1, in_place=True)


def glu(c: Context) -> Blob:
    """The first half of the channels times the sigmoid of the second."""
    x, half = c.map(), c.output.channels
    first, second = c.part(x, 1, 0, half), c.part(x, 1, half, 2 * half)
    return c.end("Eltwise", [first, c.more("sigmoid", "Sigmoid", second)], c.dims, _eltwise("PROD"))


def maxout(c: Context) -> Blob:
    """Pooling over channels laid out as rows."""
    pieces, (channels, height, width) = c.operation.pieces, c.output
    rows = c.reshaped(c.map(), (1, channels, pieces, height * width))
    window = {"pool": Word("MAX"), "kernel_h": pieces, "kernel_w": 1, "stride_h": pieces, "stride_w": 1}
    most = c.add("Pooling", [rows], (1, channels, 1, height * width), {"pooling_param": window})
    return c.reshaped(most, c.dims, last=True)


def softmax(c: Context) -> Blob:
    """Softmax, over the channels; and Log."""
    (x,) = c.inputs
    if c.operation.word == "softmax":
        return c.end("Softmax", [x], x.dims)
    return c.end("Log", [c.add("Softmax", [x], x.dims)], x.dims)


def dropout(c: Context) -> Blob:
    """Dropout, which hands on once training is over."""
    (x,) = c.inputs
    portion = c.operation.probability
    fields = {} if portion is None else {"dropout_param": {"dropout_ratio": float(portion)}}
    return c.end("Dropout", [x], x.dims, fields, in_place=True)


def _eltwise(word: str, coefficients: list[float] | None = None) -> dict[str, Fields]:
    fields: dict[str, Fields] = {"operation": Word(word)}
    return {"eltwise_param": fields if coefficients is None else {**fields, "coeff": [*coefficients]}}


MERGES = {"add": "SUM", "mean": "SUM", "subtract": "SUM", "multiply": "PROD", "divide": "PROD", "maximum": "MAX"}


def merge(c: Context) -> Blob:
    """Eltwise; a gate of channels is a Scale, other sides of one are tiled first."""
    word, count = c.operation.word, len(c.inputs)
    if word == "minimum":
        raise c.refuse("its Eltwise adds, multiplies, or takes the largest")
    first, second = c.shapes[0], c.shapes[-1]
    if word in ("multiply", "add") and count == 2 and first != second:
        for gate, (wide, small) in enumerate(((second, first), (first, second))):
            if small[1:] == (1, 1) and wide == c.output and small.channels == wide.channels:
                return _gated(c, c.map(1 - gate), c.inputs[gate])
    vectors = all(len(blob.dims) == 2 for blob in c.inputs) and len(set(c.shapes)) == 1
    blobs = [c.inputs[place] if vectors else _wide(c, c.map(place)) for place in range(count)]
    if word == "divide":
        blobs[1] = c.add("Power", [blobs[1]], blobs[1].dims, {"power_param": {"power": -1.0}})
    coefficients = {"mean": [1 / count] * count, "subtract": [1.0, -1.0]}.get(word)
    return c.end("Eltwise", blobs, blobs[0].dims, _eltwise(MERGES[word], coefficients))


def _gated(c: Context, wide: Blob, gate: Blob) -> Blob:
    """Multiply (or shift) each channel by a value of its own."""
    kind = "Scale" if c.operation.word == "multiply" else "Bias"
    return c.end(kind, [wide, c.vector(gate)], wide.dims, {f"{kind.lower()}_param": {"axis": 0}})


def _wide(c: Context, blob: Blob) -> Blob:
    """Repeat sides of one until they are those of the output."""
    for axis, (length, own) in enumerate(zip(c.dims, blob.dims, strict=True)):
        if own != length:
            dims = (*blob.dims[:axis], length, *blob.dims[axis + 1 :])
            blob = c.add("Tile", [blob], dims, {"tile_param": {"axis": axis, "tiles": length}})
    return blob


LAYERS: dict[str, Callable[[Context], Blob]] = {
    **dict.fromkeys(IN_PLACE, in_place),
    **dict.fromkeys(("softplus", "elementwise"), function),
    "leaky_relu": leaky_relu,
    **dict.fromkeys(("elu", "celu"), elu),
    **dict.fromkeys(("relu6", "hard_tanh"), clip),
    "hard_sigmoid": hard_sigmoid,
    "hard_swish": hard_swish,
    "swish": swish,
    "selu": selu,
    "mish": mish,
    "softsign": softsign,
    "prelu": prelu,
    "glu": glu,
    "maxout": maxout,
    **dict.fromkeys(("softmax", "log_softmax"), softmax),
    "dropout": dropout,
    **dict.fromkeys((*MERGES, "minimum"), merge),
}
