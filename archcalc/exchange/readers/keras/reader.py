"""A Keras model as a net: the calls of its layers, models inside models written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.readers.keras.config import model_of
from archcalc.exchange.readers.keras.context import Context
from archcalc.exchange.readers.keras.operations import operation
from archcalc.exchange.readers.keras.own import unknown
from archcalc.exchange.readers.keras.table import LAYERS
from archcalc.exchange.request import closed
from archcalc.exchange.tensors import ModelFault, Origin, by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.readers.keras.config import Call, KerasLayer, KerasModel, Tensor
    from archcalc.exchange.tensors import Const

MAX_DEPTH = 20
"""Models inside one another."""

MAX_CALLS = 100_000
"""Calls of layers, models inside models written out."""


def read(file: str, held: Any, sizes: Mapping[str, tuple[int, ...]], net: Operands) -> str:
    """Read a model's configuration into a net; return its name. Raise ModelFault for what is not understood."""
    model = model_of(held)
    reading = Reading(file, net, sizes)
    outputs = reading.model(model, None, "", 0)
    for name, number in outputs:
        while name in net.outputs:
            name += "_"
        net.outputs[name] = number
    if not net.outputs:
        raise ModelFault("it has no output")
    return model.name


class Reading:
    """The state of reading one file."""

    def __init__(self, file: str, net: Operands, sizes: Mapping[str, tuple[int, ...]]) -> None:
        self.file = file
        self.net = net
        self.sizes = sizes
        self.calls = 0

    def model(self, model: KerasModel, given: Sequence[int] | None, path: str, depth: int) -> list[tuple[str, int]]:
        """Add a model's layers; ``given`` are its inputs where it stands inside another one."""
        if depth > MAX_DEPTH:
            raise ModelFault(f"models inside one another, more than {MAX_DEPTH} levels")
        if model.inputs is None:
            return self._sequence(model, given, path, depth)
        return self._graph(model, given, path, depth)

    def _sequence(self, model: KerasModel, given: Sequence[int] | None, path: str, depth: int) -> list[tuple[str, int]]:
        layers = list(model.layers)
        if not layers:
            raise ModelFault("a sequence without layers")
        first = layers[0]
        shape = first.config.get("batch_shape") or first.config.get("batch_input_shape") or model.input_shape
        if first.cls == "InputLayer":
            layers.pop(0)
        if given is None:
            if not isinstance(shape, (list, tuple)):
                raise ModelFault("a sequence whose input has no size; build the model before it is written")
            given = [self._input(first, shape)]
        x = list(given)
        for index, layer in enumerate(layers):
            x = self.apply(layer, x, path, None, depth, index)
        return [(layers[-1].name if layers else first.name, x[0])]

    def _graph(self, model: KerasModel, given: Sequence[int] | None, path: str, depth: int) -> list[tuple[str, int]]:
        made: dict[tuple[str, int, int], int] = {}
        inputs = model.inputs or ()
        if given is not None:
            if len(given) != len(inputs):
                raise ModelFault(f"{len(given)} inputs for the model {model.name!r}, which has {len(inputs)}")
            made.update({(t.layer, t.call, t.output): x for t, x in zip(inputs, given, strict=True)})
        wanted = shapes_of(model)
        left = [(index, layer, number, call) for index, layer in enumerate(model.layers)
                for number, call in enumerate(calls_of(layer))]  # fmt: skip
        while left:
            later = []
            for entry in left:
                index, layer, number, call = entry
                if (layer.name, number, 0) in made:
                    continue
                if any((t.layer, t.call, t.output) not in made for t in call.tensors):
                    later.append(entry)
                    continue
                sources = [made[t.layer, t.call, t.output] for t in call.tensors]
                said = wanted.get((layer.name, number, 0))
                if layer.cls == "InputLayer":
                    found = [self._input(layer, layer.config.get("batch_shape") or layer.config["batch_input_shape"])]
                else:
                    found = self.apply(layer, sources, path, call, depth, index, said)
                for place, x in enumerate(found):
                    made[layer.name, number, place] = x
            if len(later) == len(left):
                missing = next(t for t in later[0][3].tensors if (t.layer, t.call, t.output) not in made)
                raise ModelFault(
                    f"the layer {later[0][1].name!r} reads {missing.layer!r}, which no earlier layer makes"
                )
            left = later
        found_outputs = []
        for tensor in model.outputs or ():
            key = (tensor.layer, tensor.call, tensor.output)
            if key not in made:
                raise ModelFault(f"the output {tensor.layer!r} is not made by any layer")
            found_outputs.append((tensor.layer, made[key]))
        return found_outputs

    def _input(self, layer: KerasLayer, shape: Sequence[Any]) -> int:
        """Add an input; its batch is one."""
        self.net.origin = Origin(layer.name, "InputLayer", -1)
        axes = [axis if isinstance(axis, int) else "" for axis in shape[1:]]
        names = {3: ("height", "width", "channels"), 2: ("places", "channels")}.get(len(axes), ())
        axes = [axis or (names[at] if names else "") for at, axis in enumerate(axes)]
        batch = shape[0]
        if isinstance(batch, int) and batch > 1:
            self.net.file_batch = batch
            self.net.remark(f"the file is for {batch} inputs at a time; the figures are for one")
        found = closed(self.file, layer.name, axes, self.sizes, channels=-1)
        at = -1 if len(found) > 1 else None
        return self.net.add("input", [], (1, *found), name=layer.name, channels=at)

    def apply(
        self,
        layer: KerasLayer,
        sources: Sequence[int],
        path: str,
        call: Call | None = None,
        depth: int = 0,
        index: int = -1,
        said: tuple[Any, ...] | None = None,
    ) -> list[int]:
        """Add one call of a layer; hold its size against the file's."""
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise ModelFault(f"more than {MAX_CALLS:,} calls of layers")
        name = f"{path}/{layer.name}" if path else layer.name
        if layer.holds_model:
            inner = model_of(layer.config[""])
            return [x for _, x in self.model(inner, list(sources), name, depth + 1)]
        self.net.origin = Origin(name, layer.cls, index, path=name, cls=layer.cls)
        c = Context(self.net, layer, name, list(sources), call, said, self.count)
        found = reader_of(layer)(c)
        if said is not None and found:
            shape = self.net.shape(found[0])
            if len(said) != len(shape) or any(
                isinstance(want, int) and want != got for want, got in zip(said[1:], shape[1:], strict=True)
            ):
                raise ModelFault(f"{by(shape[1:])} are computed here, but the file says {by(said[1:])}")
        return found

    def count(self, layer: KerasLayer, path: str) -> tuple[list[Const], int] | None:
        """Return weights and MACs of a layer by itself, for the size of its input in the file; None where it has none.

        So the layers are counted that a user's own layer holds, of which nobody knows how they are joined.
        """
        from archcalc.exchange.lowering import lower
        from archcalc.exchange.operands import Operands

        if layer.built is None or not all(isinstance(length, int) for length in layer.built[1:]):
            return None
        net = Operands()
        x = net.add("input", [], (1, *layer.built[1:]), name="x", channels=-1)
        try:
            (net.outputs["y"], *_) = Reading(self.file, net, {}).apply(layer, [x], path)
            if net.remarks:
                return None
            weights = {weight.key: weight for node in net.nodes.values() for weight in node.weights}
            return list(weights.values()), sum(row.macs for row in lower(net, self.file, "Keras", "").table())
        except ModelFault:
            return None


def reader_of(layer: KerasLayer) -> Callable[[Context], list[int]]:
    """Return what reads a layer; classes of a user's own may have the name of one of Keras."""
    if layer.registered and layer.cls not in OF_APPLICATIONS:
        return unknown
    if ".ops." in layer.module or layer.module.endswith("keras.ops"):
        return operation
    return LAYERS.get(layer.cls, unknown)


OF_APPLICATIONS = ("LayerScale", "CustomScaleLayer")
"""Layers that keras.applications registers."""


def calls_of(layer: KerasLayer) -> tuple[Call, ...]:
    """Return a layer's calls; an input has one, of nothing."""
    from archcalc.exchange.readers.keras.config import Call

    if layer.cls == "InputLayer" and not layer.calls:
        return (Call((), (), {}),)
    return layer.calls


def shapes_of(model: KerasModel) -> dict[tuple[str, int, int], tuple[Any, ...]]:
    """Return the size of each tensor that the file gives where a call reads it."""
    found: dict[tuple[str, int, int], tuple[Any, ...]] = {}

    def note(tensor: Tensor) -> None:
        if tensor.shape is not None:
            found[tensor.layer, tensor.call, tensor.output] = tensor.shape

    for layer in model.layers:
        for call in layer.calls:
            for tensor in call.tensors:
                note(tensor)
            if len(call.tensors) == 1 and layer.built is not None and len(layer.calls) == 1:
                only = call.tensors[0]
                found.setdefault((only.layer, only.call, only.output), layer.built)
    return found
