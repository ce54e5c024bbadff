"""Activations by name, wherever a Keras layer has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from archcalc.exchange.readers.keras.context import Context

ACTIVATIONS = {
    "relu": "relu", "relu6": "relu6", "sigmoid": "sigmoid", "tanh": "tanh", "swish": "swish", "silu": "swish",
    "gelu": "gelu", "elu": "elu", "selu": "selu", "celu": "celu", "mish": "mish", "softplus": "softplus",
    "softsign": "softsign", "hard_sigmoid": "hard_sigmoid", "hard_swish": "hard_swish", "hard_silu": "hard_swish",
    "leaky_relu": "leaky_relu", "exponential": "exp", "log_sigmoid": "log_sigmoid", "hard_tanh": "hard_tanh",
    "hard_shrink": "hard_shrink", "soft_shrink": "soft_shrink", "tanh_shrink": "tanh_shrink", "threshold": "threshold",
    "squareplus": "softplus", "sparse_plus": "softplus", "sparse_sigmoid": "hard_sigmoid",
}  # fmt: skip


def activate(c: Context, x: int, held: Any) -> int:
    """Add an activation given by its name, or as an object that has one; raise ModelFault for another one."""
    name, settings = _named(held)
    if name in ("", "linear"):
        return x
    if name in ("softmax", "log_softmax", "sparsemax"):
        return c.net.add("softmax", [x], c.net.shape(x), axis=len(c.net.shape(x)) - 1)
    if name == "glu":
        raise ModelFault("the activation 'glu' halves the channels, which archcalc does not read inside a layer")
    fn = ACTIVATIONS.get(name)
    if fn is None:
        c.net.remark(f"the activation {name!r} is unknown to archcalc: counted as one operation for each value")
        return c.net.act(x, name)
    if name == "relu" and settings:
        return relu(c, x, settings)
    return c.net.act(x, fn)


def activated(c: Context, x: int) -> list[int]:
    """Add the activation that a layer has inside."""
    return [activate(c, x, c.config.get("activation"))]


def relu(c: Context, x: int, settings: dict[str, Any]) -> int:
    """Add a ReLU that may be leaky, or have a largest value."""
    most, slope = settings.get("max_value"), settings.get("negative_slope", settings.get("alpha", 0)) or 0
    if isinstance(slope, list):
        slope = slope[0] if slope else 0
    if slope:
        return c.net.act(x, "leaky_relu", slope=round(float(slope), 6))
    return c.net.act(x, "relu6" if most == 6 else "relu" if most is None else "clip")


def _named(held: Any) -> tuple[str, dict[str, Any]]:
    if held is None:
        return "", {}
    if isinstance(held, str):
        return held.rpartition(">")[2], {}
    if isinstance(held, dict):
        config = held.get("config")
        if isinstance(config, str):
            return config, {}
        name = str(held.get("class_name", ""))
        words = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "Softmax": "softmax", "ELU": "elu"}
        return words.get(name, name), config if isinstance(config, dict) else {}
    raise ModelFault(f"the activation {held!r}")
