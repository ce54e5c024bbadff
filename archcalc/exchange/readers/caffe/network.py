"""Which layers of a Caffe network run when it is used: one list, whatever the form of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.readers.caffe.prototext import Message, Places
from archcalc.exchange.tensors import TextFault
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LAYERS = 20_000
"""Layers of one file."""

OLD_TYPES = {
    "ABSVAL": "AbsVal", "ACCURACY": "Accuracy", "ARGMAX": "ArgMax", "BNLL": "BNLL", "CONCAT": "Concat",
    "CONTRASTIVE_LOSS": "ContrastiveLoss", "CONVOLUTION": "Convolution", "DATA": "Data", "DECONVOLUTION":
    "Deconvolution", "DROPOUT": "Dropout", "DUMMY_DATA": "DummyData", "ELTWISE": "Eltwise",
    "EUCLIDEAN_LOSS": "EuclideanLoss", "EXP": "Exp", "FLATTEN": "Flatten", "HDF5_DATA": "HDF5Data",
    "HDF5_OUTPUT": "HDF5Output", "HINGE_LOSS": "HingeLoss", "IM2COL": "Im2col", "IMAGE_DATA": "ImageData",
    "INFOGAIN_LOSS": "InfogainLoss", "INNER_PRODUCT": "InnerProduct", "LRN": "LRN", "MEMORY_DATA": "MemoryData",
    "MULTINOMIAL_LOGISTIC_LOSS": "MultinomialLogisticLoss", "MVN": "MVN", "POOLING": "Pooling", "POWER": "Power",
    "RELU": "ReLU", "SIGMOID": "Sigmoid", "SIGMOID_CROSS_ENTROPY_LOSS": "SigmoidCrossEntropyLoss",
    "SILENCE": "Silence", "SLICE": "Slice", "SOFTMAX": "Softmax", "SOFTMAX_LOSS": "SoftmaxWithLoss",
    "SPLIT": "Split", "TANH": "TanH", "THRESHOLD": "Threshold", "WINDOW_DATA": "WindowData",
}  # fmt: skip
"""Caffe's names of layer types in the ``layers { }`` form (upgrade_proto.cpp)."""


class CaffeLayer(Record):
    """One layer: its type, its blobs, and its settings."""

    name: str
    type: str
    bottoms: tuple[str, ...]
    tops: tuple[str, ...]
    settings: Message
    line: int
    column: int


def layers_of(root: Message, text: str) -> list[CaffeLayer]:
    """Return the layers that run in the test phase, in order; raise TextFault where there are none."""
    found = root.messages("layer") + root.messages("layers")
    found.sort(key=lambda message: message.place)
    places = Places(text)
    if len(found) > MAX_LAYERS:
        raise TextFault(f"more than {MAX_LAYERS:,} layers", *Places(text).of(found[MAX_LAYERS].place))
    if not found:
        raise TextFault("a Caffe network without layers", 0)
    stages = _stages(root, found)
    running = [message for message in found if _runs(message, root, stages)]
    made = {top for message in running for top in message.words("top")}
    chosen = set(map(id, running))
    for message in found:  # a file for training alone feeds its network in that phase alone
        if not message.words("bottom") and made.isdisjoint(message.words("top")):
            chosen.add(id(message))
            made |= set(message.words("top"))
    return [_layer(message, places) for message in found if id(message) in chosen]


def _stages(root: Message, layers: Sequence[Message]) -> set[str]:
    """Return the stages that the network is in: the file's own, else ``deploy``, else the first that tests."""
    own = set(root.message("state").words("stage"))
    if own:
        return own
    rules = [rule for layer in layers for rule in layer.messages("include")]
    named = [stage for rule in rules if rule.text("phase", "TEST") in ("TEST", "1") for stage in rule.words("stage")]
    return {"deploy"} if "deploy" in named else set(named[:1])


def _layer(message: Message, places: Places) -> CaffeLayer:
    line, column = places.of(message.place)
    if message.messages("layer"):
        raise TextFault("the oldest form of Caffe's files (layers { layer { } }); upgrade it with Caffe's own "
                        "upgrade_net_proto_text first", line, column)  # fmt: skip
    word = message.text("type")
    if not word:
        raise TextFault("a layer without a type", line, column)
    return CaffeLayer(
        name=message.text("name") or "/".join(message.words("top")) or word,
        type=OLD_TYPES.get(word, word),
        bottoms=tuple(message.words("bottom")),
        tops=tuple(message.words("top")),
        settings=message,
        line=line,
        column=column,
    )


def _runs(message: Message, root: Message, stages: set[str]) -> bool:
    """Whether a layer runs in the test phase: every rule of an include names it, and none of an exclude."""
    phase = root.message("state").text("phase", "TEST")
    included, excluded = message.messages("include"), message.messages("exclude")
    if included:
        return any(_meets(rule, phase, stages) for rule in included)
    return not any(_meets(rule, phase, stages) for rule in excluded)


def _meets(rule: Message, phase: str, stages: set[str]) -> bool:
    named = rule.text("phase", phase)
    wanted, unwanted = set(rule.words("stage")), set(rule.words("not_stage"))
    return {"0": "TRAIN", "1": "TEST"}.get(named, named) == phase and wanted <= stages and not unwanted & stages


def is_loss(layer: CaffeLayer) -> bool:
    """Whether a layer serves training or measuring alone."""
    word = layer.type.lower()
    return "loss" in word or word in ("accuracy", "silence", "detectionevaluate", "hdf5output", "multilabelaccuracy")


def auxiliary(layers: Sequence[CaffeLayer]) -> set[str]:
    """Name the blobs that feed only losses that weigh less than the network's main one: heads that training adds."""
    weights = {
        layer.bottoms[0]: max(
            [float(w) for w in layer.settings.all("loss_weight") if isinstance(w, (int, float))] or [1.0]
        )
        for layer in layers
        if "loss" in layer.type.lower() and layer.bottoms
    }
    most = max(weights.values(), default=0.0)
    return {blob for blob, weight in weights.items() if weight < most}
