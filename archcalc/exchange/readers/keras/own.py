"""Classes of a user's own, whose files hold settings and no graph: what their configuration says of them.

A layer that keeps others (``serialize_keras_object``) writes them into its configuration, each with the size of its
input where it was built. So their weights and their work are known, and how they are joined is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.exchange.readers.keras.config import KerasLayer, layer_of
from archcalc.exchange.tensors import ModelFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.exchange.readers.keras.context import Context
    from archcalc.exchange.tensors import Const

MAX_HELD = 1000
"""Layers that one layer may hold."""

SHOWN = 5
"""Layers that a remark names."""


class Held(NamedTuple):
    """A layer inside another one's configuration, under the setting that holds it."""

    setting: str
    layer: KerasLayer


def unknown(c: Context) -> list[int]:
    """Take a class that is not known for the size that its reader's configuration gives, and the layers it holds."""
    said, cls = c.said, c.layer.cls
    if said is None or not all(isinstance(length, int) for length in said[1:]):
        raise ModelFault(
            f"archcalc does not know the class {cls}, and the file does not say its output; write it with layers of "
            "Keras' own, or export the model to ONNX"
        )
    weights: list[Const] = []
    counted: list[str] = []
    left: list[str] = []
    macs = 0
    for held in held_layers(c.config):
        found = c.count(held.layer.replace(name=held.setting), c.name)
        (left if found is None else counted).append(f"{held.setting} ({held.layer.cls})")
        if found is not None:
            weights += found[0]
            macs += found[1]
    c.net.remark(_remark(cls, counted, left))
    return [c.net.add("opaque", c.sources, (1, *said[1:]), weights, what=cls, ops=0, macs=macs, channels=-1)]


def _remark(cls: str, counted: list[str], left: list[str]) -> str:
    head = f"the class {cls} is not known to archcalc: "
    if not counted and not left:
        return (
            f"{head}taken with the size that the file gives; its weights and its work, if it has any, are not in the "
            "file and not counted"
        )
    parts = []
    if counted:
        parts.append(f"the weights and the work of {_listed(counted)}, which it holds, are counted")
    if left:
        parts.append(f"{_listed(left)}, which it holds, cannot be counted, as the file has no size of their input")
    return f"{head}{'; '.join(parts)}; how they are joined is not in the file"


def _listed(names: list[str]) -> str:
    more = [f"{len(names) - SHOWN} more"] if len(names) > SHOWN else []
    *rest, last = [*names[:SHOWN], *more]
    return f"{', '.join(rest)} and {last}" if rest else last


def held_layers(config: dict[str, Any]) -> Iterator[Held]:
    """Yield the layers that a configuration holds, those inside others of a user's own included."""
    todo: list[tuple[str, Any]] = list(config.items())
    count = 0
    while todo:
        setting, value = todo.pop(0)
        if isinstance(value, list):
            todo[:0] = [(f"{setting}/{place}", each) for place, each in enumerate(value)]
        elif is_layer(value):
            count += 1
            if count > MAX_HELD:
                raise ModelFault(f"more than {MAX_HELD:,} layers inside a layer")
            layer = layer_of(value)
            if not layer.registered or layer.holds_model or not any(map(is_layer, _values(layer.config))):
                yield Held(setting, layer)
            else:
                todo[:0] = [(f"{setting}/{name}", each) for name, each in layer.config.items()]


def _values(config: dict[str, Any]) -> Iterator[Any]:
    for value in config.values():
        yield from value if isinstance(value, list) else [value]


def is_layer(value: Any) -> bool:
    """Whether a setting is a layer, as against an initializer, a regularizer or a policy of types."""
    if not isinstance(value, dict) or not isinstance(value.get("config"), dict) or "class_name" not in value:
        return False
    return "build_config" in value or ".layers" in str(value.get("module") or "")
