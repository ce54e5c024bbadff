"""What a Keras layer sees while one of its calls is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.readers.keras.config import Call, KerasLayer


class Context:
    """A layer, what flows into it, and the net that it adds to."""

    def __init__(
        self,
        net: Operands,
        layer: KerasLayer,
        name: str,
        sources: list[int],
        call: Call | None,
        said: tuple[Any, ...] | None,
        count: Callable[[KerasLayer, str], tuple[list[Const], int] | None],
    ) -> None:
        self.net = net
        self.layer = layer
        self.config = layer.config
        self.name = name
        self.sources = sources
        self.call = call
        self.said = said
        self.count = count
        """Counts a layer by itself, for the size of input that the file gives it."""

    @property
    def x(self) -> int:
        """What flows in."""
        if not self.sources:
            raise ModelFault("it has no input")
        return self.sources[0]

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of what flows in."""
        return self.net.shape(self.x)

    @property
    def channels(self) -> int:
        """The axis of the channels."""
        first = self.config.get("data_format") == "channels_first"
        return 1 if first else len(self.shape) - 1

    @property
    def inside(self) -> int:
        """How many channels flow in."""
        return self.shape[self.channels]

    def weight(self, word: str, *dims: int) -> Const:
        """Return a learned weight; it is the same one whenever the layer is called."""
        return Const(dims, None, f"{self.name}/{word}", learned=True)

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a setting that is a whole number."""
        found = self.config.get(name, default)
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 10**9:
            raise ModelFault(f"its {name} is {found!r}, where a whole number is expected")
        return found

    def several(self, name: str, count: int, default: int | None = None) -> tuple[int, ...]:
        """Return a setting of one whole number for each axis of space."""
        found = self.config.get(name)
        if found is None:
            if default is None:
                raise ModelFault(f"it has no {name}")
            return (default,) * count
        found = found if isinstance(found, list) else [found] * count
        if len(found) != count or not all(isinstance(n, int) and 0 <= n < 10**9 for n in found):
            raise ModelFault(f"its {name} is {found!r}, where {count} whole numbers are expected")
        return tuple(found)

    def flag(self, name: str, default: bool) -> bool:
        """Return a setting that is true or false."""
        return bool(self.config.get(name, default))

    def word(self, name: str, default: str) -> str:
        """Return a setting that is a word; functions that are written as objects have their name in them."""
        found = self.config.get(name, default)
        if isinstance(found, dict):
            inner = found.get("config")
            found = inner if isinstance(inner, str) else found.get("class_name", default)
        return default if found is None else str(found)

    @property
    def rank(self) -> int:
        """How many axes of space there are."""
        if len(self.shape) < 3:
            raise ModelFault(f"it slides over places, but {by(self.shape[1:])} flows into it")
        return len(self.shape) - 2

    def pads(self) -> str | None:
        """Return the padding: ``same`` has the odd one behind."""
        word = self.word("padding", "valid")
        if word not in ("same", "valid", "causal"):
            raise ModelFault(f"the padding {word!r}")
        return "same" if word == "same" else None
