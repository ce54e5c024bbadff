"""A Keras configuration as layers and the calls of each, the same for Keras 2 and 3.

Keras 3 writes a call as args and kwargs in which tensors are ``keras_history: [layer, node, tensor]`` with their size;
Keras 2 as nested lists ``[layer, node, tensor, kwargs]``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from archcalc.exchange.tensors import ModelFault
from archcalc.record import Record


class Tensor(NamedTuple):
    """The output of a layer's call, and its size where the file has it."""

    layer: str
    call: int
    output: int
    shape: tuple[Any, ...] | None = None


class Call(Record):
    """One use of a layer: the tensors it takes in order, and everything else by name."""

    tensors: tuple[Tensor, ...]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


class KerasLayer(Record):
    """A layer: its class, its settings and its calls; a model inside a model is one too."""

    name: str
    cls: str
    module: str
    config: dict[str, Any]
    calls: tuple[Call, ...]
    built: tuple[Any, ...] | None = None
    """The input's size where the file has it."""
    registered: bool = False
    """Whether its class is a user's own."""

    @property
    def holds_model(self) -> bool:
        """Whether it is a model, whose configuration then stands under the empty name."""
        return "" in self.config


class KerasModel(Record):
    """A model: its layers, and which tensors go in and come out; None where it is a plain sequence of layers."""

    name: str
    layers: tuple[KerasLayer, ...]
    inputs: tuple[Tensor, ...] | None
    outputs: tuple[Tensor, ...] | None
    input_shape: tuple[Any, ...] | None = None


MODELS = ("Functional", "Model", "Sequential")


def model_of(held: Any) -> KerasModel:
    """Read a model's configuration; raise ModelFault where it is another one."""
    try:
        return _model(held)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ModelFault(f"its JSON is not that of a Keras model ({type(error).__name__}: {error})") from None


def _model(held: Any) -> KerasModel:
    cls, config = str(held["class_name"]), held["config"]
    version = str(held.get("keras_version", ""))
    if version.startswith(("0.", "1.")):
        raise ModelFault(f"it was written by Keras {version}; open it with Keras 2 and write it anew")
    if cls == "Sequential" or (cls not in MODELS and is_sequence(config)):
        return _sequence(held, config)
    if cls not in MODELS and not is_graph(config):
        raise ModelFault(f"{cls} is a class of its own, whose file holds no graph; build it as a functional model")
    layers = tuple(layer_of(each) for each in config["layers"])
    refuse_keras_1(layers)
    return KerasModel(
        str(config.get("name", cls)), layers, tensors(config["input_layers"]), tensors(config["output_layers"])
    )


def _sequence(held: Any, config: Any) -> KerasModel:
    listed = config["layers"] if isinstance(config, dict) else config
    layers = tuple(layer_of(each) for each in listed)
    refuse_keras_1(layers)
    built = held.get("build_config") or {}
    shape = config.get("build_input_shape") if isinstance(config, dict) else None
    shape = shape or built.get("input_shape")
    name = str(config.get("name", "Sequential")) if isinstance(config, dict) else "Sequential"
    return KerasModel(name, layers, None, None, tuple(shape) if isinstance(shape, list) else None)


def refuse_keras_1(layers: tuple[KerasLayer, ...]) -> None:
    """Raise ModelFault for settings that only Keras 1 wrote."""
    for layer in layers:
        if (
            "nb_filter" in layer.config
            or "border_mode" in layer.config
            or ("output_dim" in layer.config and (layer.cls == "Dense"))
        ):
            raise ModelFault("it was written by Keras 1; open it with Keras 2 and save it again")


def layer_of(held: Any) -> KerasLayer:
    """Read one layer: its class, settings and calls."""
    config = held["config"]
    if not isinstance(config, dict):
        config = {"layers": config}
    name = str(held.get("name") or config.get("name") or held["class_name"])
    calls = tuple(_call(each) for each in held.get("inbound_nodes") or ())
    built = (held.get("build_config") or {}).get("input_shape")
    shape = tuple(built) if isinstance(built, list) and not any(isinstance(each, list) for each in built) else None
    module = str(held.get("module") or "")
    package, _, cls = str(held.get("registered_name") or held["class_name"]).rpartition(">")
    cls = cls or str(held["class_name"])
    inner = {"class_name": cls, "config": config, "build_config": held.get("build_config")}
    own = bool(package) and not package.lower().startswith("keras")
    holds = cls in MODELS or is_graph(config) or (own and is_sequence(config))
    return KerasLayer(name, cls, module, {**config, "": inner} if holds else config, calls, shape, own)


def is_graph(config: dict[str, Any]) -> bool:
    """Whether a configuration is that of a functional model, under whatever class."""
    return isinstance(config.get("layers"), list) and "input_layers" in config and "output_layers" in config


def is_sequence(config: Any) -> bool:
    """Whether a configuration is that of a Sequential, under the name of a class of its own."""
    return isinstance(config, dict) and isinstance(config.get("layers"), list) and "build_input_shape" in config


def _call(held: Any) -> Call:
    if isinstance(held, dict):
        found: list[Tensor] = []
        args = tuple(_argument(each, found) for each in held.get("args", ()))
        kwargs = {str(name): _argument(each, found) for name, each in (held.get("kwargs") or {}).items()}
        return Call(tuple(found), args, kwargs)
    found = []
    kwargs = {}
    args_list: list[Any] = []
    entries = [held] if held and isinstance(held[0], str) else held
    for entry in entries:
        tensor = Tensor(str(entry[0]), int(entry[1]), int(entry[2]))
        found.append(tensor)
        args_list.append(tensor)
        if len(entry) > 3 and isinstance(entry[3], dict):
            kwargs.update({str(name): _old_argument(each, found) for name, each in entry[3].items()})
    return Call(tuple(found), tuple(args_list), kwargs)


def _argument(held: Any, found: list[Tensor], depth: int = 0) -> Any:
    """Return an argument, tensors in it noted in order."""
    if depth > 20:
        raise ModelFault("arguments inside one another, more than 20 levels")
    if isinstance(held, dict):
        if held.get("class_name") == "__keras_tensor__":
            config = held["config"]
            layer, call, output = config["keras_history"]
            shape = config.get("shape")
            tensor = Tensor(str(layer), int(call), int(output), tuple(shape) if isinstance(shape, list) else None)
            found.append(tensor)
            return tensor
        return {name: _argument(each, found, depth + 1) for name, each in held.items()}
    if isinstance(held, list):
        return [_argument(each, found, depth + 1) for each in held]
    return held


def _old_argument(held: Any, found: list[Tensor]) -> Any:
    """Return an argument of Keras 2, in which a tensor is a list of a name and two numbers."""
    plain = isinstance(held, list) and len(held) in (3, 4) and isinstance(held[0], str)
    if plain and isinstance(held[1], int) and isinstance(held[2], int):
        tensor = Tensor(held[0], held[1], held[2])
        found.append(tensor)
        return tensor
    return held


def tensors(held: Any) -> tuple[Tensor, ...]:
    """Return the tensors that a model lists as its inputs or outputs, in whatever structure."""
    if isinstance(held, dict):
        return tuple(tensor for each in held.values() for tensor in tensors(each))
    if held and isinstance(held[0], str):
        return (Tensor(str(held[0]), int(held[1]), int(held[2])),)
    return tuple(tensor for each in held for tensor in tensors(each))
