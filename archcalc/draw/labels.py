"""What is written in a box: what it is, the size that flows out of it, and what is attached to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.draw.metrics import clipped
from archcalc.record import Record

if TYPE_CHECKING:
    from archcalc.draw.graph import Box, Group
    from archcalc.draw.naming import Naming
    from archcalc.engine.layer import Layer

SYMBOLS = {
    "add": "+", "multiply": "×", "subtract": "−", "divide": "÷", "maximum": "max", "minimum": "min", "mean": "mean",
    "matmul": "·", "cross_correlation": "∗",
}  # fmt: skip
"""Merges that are drawn as a small circle, as papers do, and what stands in it."""

FIGURES = {"macs": "MACs", "params": "params", "memory": "memory"}
"""What boxes can be coloured by besides the kind of operation."""


class Label(Record):
    """The words of a box."""

    name: str
    """The layer's own name where it says something; otherwise empty."""
    title: str
    marks: str
    """What is attached: ``+bn +relu``."""
    size: str
    contents: str
    """The blocks that a composite consists of."""
    figure: str
    symbol: str
    """What stands in the circle of a merge; empty for a box."""
    repeat: str
    tooltip: str

    @property
    def beside(self) -> str:
        """What stands beside the edge that leaves a merge."""
        return " ".join(word for word in (self.size, self.marks, self.figure) if word)


def label(box: Box, naming: Naming, figure: str, *, inside: bool, times: int, name: str = "") -> Label:
    """Return the words of a box.

    ``figure`` is one of FIGURES or empty, ``inside`` whether it is in a group, ``times`` how often it runs while what
    is around it runs once, ``name`` that of the repetition which it is all of.
    """
    row, main = box.row, box.row.main
    title = description(main) if main is not None else ""
    repetition, name = name, clipped(name or row.path.rpartition("/")[2])
    if main is None:
        name, title = naming.words(row.path, alike=box.repeat > 1, name=repetition)
    elif (not repetition and naming.is_numbered(row.path, main.op)) or _repeats(name, main.op, title, inside=inside):
        name = ""
    before, after = _attached(row.layers, main)
    contents = ""
    if main is None:
        contents = naming.contents(row.path, (layer.name for layer in row.layers))
        after = " ".join(f"+{word.replace('_', ' ')}" for word in row.attached)
    return Label(
        name=name,
        title=before + title,
        marks=" ".join(each for each in (after, f"runs {times:,} times" if times > 1 else "") if each),
        size=size(row.layers[-1]),
        contents=contents,
        figure=amount(box, figure) if figure and value_of(box, figure) else "",
        symbol=SYMBOLS.get(main.op, "") if main is not None and box.merges else "",
        repeat=copies(box),
        tooltip=_tooltip(box, title),
    )


def copies(member: Box | Group) -> str:
    """Return how many equal members in a row, or beside one another, one stands for: ×3, 32 paths."""
    paths = f"{member.paths} paths" if member.paths > 1 else ""
    return " ".join(word for word in (f"×{member.repeat}" if member.repeat > 1 else "", paths) if word)


def _attached(layers: tuple[Layer, ...], main: Layer | None) -> tuple[str, str]:
    """Return what a row has besides its main operation: what runs before it, and what after."""
    if main is None:
        return "", ""
    place = layers.index(main)
    before = " ".join(word(layer) for layer in layers[:place])
    return f"{before} → " if before else "", " ".join(f"+{word(layer)}" for layer in layers[place + 1 :])


def word(layer: Layer) -> str:
    """Return an operation's word as people write it."""
    return layer.op.replace("_", " ")


def description(layer: Layer) -> str:
    """Return an operation with its window, as papers do: 3×3 conv /2."""
    operation = layer.operation
    if operation.user_defined:
        return clipped(str(getattr(operation, "what", layer.op)))
    kernel = _pair(getattr(operation, "kernel", None))
    name = getattr(operation, "function", "") or word(layer)
    parts = [f"{kernel[0]}×{kernel[1]}" if kernel else "", name, _step(layer), *_settings(operation)]
    return " ".join(part for part in parts if part)


def _step(layer: Layer) -> str:
    """Return how a map becomes smaller (/2) or larger (↑2)."""
    operation = layer.operation
    steps = _pair(getattr(operation, "step", None)) or _pair(getattr(operation, "stride", None))
    if steps is None or steps == (1, 1):
        return ""
    grows = layer.output.height > layer.inputs[0].height or layer.output.width > layer.inputs[0].width
    return ("↑" if grows else "/") + "×".join(map(str, steps[:1] if steps[0] == steps[1] else steps))


def _settings(operation: Any) -> list[str]:
    found = []
    dilation = _pair(getattr(operation, "dilation", None))
    if dilation and dilation != (1, 1):
        found.append("dilation " + "×".join(map(str, dilation[:1] if dilation[0] == dilation[1] else dilation)))
    if getattr(operation, "axis", "channels") != "channels":
        found.append(str(operation.axis))
    groups = getattr(operation, "groups", 1)
    if isinstance(groups, int) and groups > 1:
        found.append(f"{groups} groups")
    return found


def _pair(value: Any) -> tuple[int, int] | None:
    return value if isinstance(value, tuple) and len(value) == 2 else None


def _repeats(name: str, op: str, title: str, *, inside: bool) -> bool:
    """Whether a layer's name only repeats what stands beside it: 3x3, pool."""
    words = name.replace("x", "×").split("_")
    return name == op or (inside and all(each in title.split() for each in words))


def size(layer: Layer) -> str:
    """Return a layer's output as C×H×W."""
    return "×".join(map(str, layer.output))


def amount(box: Box, figure: str) -> str:
    """Return a figure of a box."""
    value = value_of(box, figure)
    return units.size(value) if figure == "memory" else f"{units.short(value)} {FIGURES[figure]}"


def value_of(box: Box, figure: str) -> int:
    """Return what a box adds to a total."""
    if box.outside:
        return 0
    row = box.row
    return {"macs": row.macs, "params": row.params, "memory": row.memory_bytes}[figure]


def _tooltip(box: Box, title: str) -> str:
    row = box.row
    first = row.path if not title or row.path == title else f"{row.path}: {title}"
    if len(row.layers) > 1:
        first += f" ({clipped(row.words, 200)})"
    lines = [
        first,
        f"{size_of_input(row.layers[0])} → {size(row.layers[-1])}" if row.layers[0].inputs else size(row.layers[0]),
    ]
    if row.layers[0].inputs and not box.outside:
        lines.append(f"{units.exact(row.params)} params, {units.exact(row.macs)} MACs, {units.size(row.memory_bytes)}")
    if box.repeat > 1:
        lines.append(f"{box.repeat} of these in a row")
    if box.paths > 1:
        lines.append(f"{box.paths} of these beside one another")
    if row.layers[0].times > 1:
        lines.append(f"runs {row.layers[0].times:,} times for one image")
    return "\n".join(lines)


def size_of_input(layer: Layer) -> str:
    """Return what flows into a layer."""
    return " and ".join("×".join(map(str, shape)) for shape in dict.fromkeys(layer.inputs))
