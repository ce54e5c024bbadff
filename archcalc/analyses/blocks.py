"""A network as its paper's table has it: blocks in brackets with their number, [1x1, 64; 3x3, 64; 1x1, 256] x3.

As He et al. 2015, table 1, and Simonyan & Zisserman 2014, table 1. What stands on a shortcut is left out, and so is the
stride within a block, so that the first block of a stage is like the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.rows import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archcalc.analyses.rows import Row
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report
    from archcalc.operations.base import Shape

_UNSAID = frozenset(("add", "concat", "multiply", "flatten", "input"))
"""Operations that such tables do not name: merges, and views."""


class Stage(NamedTuple):
    """A row of such a table: the layers of a composite, or one layer."""

    name: str
    text: str
    """Its layers in words; empty where the table has none."""
    output: Shape
    layers: tuple[Layer, ...]


def stages(report: Report) -> list[Stage]:
    """Return the rows of a network, one for each composite or layer of its own."""
    return [
        Stage(row.path, text, row.output, row.layers)
        for row in rows(report)
        for text in ["; ".join(_words(row))]
        if row.path != "input"
    ]


def _words(row: Row) -> list[str]:
    main = row.main
    if main is not None:
        return [] if main.op in _UNSAID else [_layer(main, stride=True)]
    return _composite([layer for layer in row.layers if layer.name.startswith(f"{row.path}/")], row.path)


def _composite(layers: Sequence[Layer], path: str) -> list[str]:
    """Return the layers and blocks in a composite, in words."""
    aside = _on_shortcuts(layers, path)
    kept = [layer for layer in layers if layer.position not in aside]
    words: list[str] = []
    for name, inner in _children(kept, path):
        said = [layer for layer in inner if not (layer.operation.shown_inline or layer.op in _UNSAID)]
        if len(said) == 1:
            words.append(_layer(said[0], stride=False))
        elif said:
            parts = _composite(inner, f"{path}/{name}")
            words.append(parts[0] if len(parts) == 1 else f"[{'; '.join(parts)}]")
    return _repeated(words)


def _children(layers: Iterable[Layer], path: str) -> Iterator[tuple[str, list[Layer]]]:
    """Yield what follows one another in a composite under one name."""
    children: list[tuple[str, list[Layer]]] = []
    for layer in layers:
        name = layer.name[len(path) + 1 :].partition("/")[0]
        if not children or children[-1][0] != name:
            children.append((name, []))
        children[-1][1].append(layer)
    yield from children


def _on_shortcuts(layers: Sequence[Layer], path: str) -> set[int]:
    """Return the positions of layers on branches of additions beside the longest, which has the most weights."""
    by_position = {layer.position: layer for layer in layers}
    aside: set[int] = set()
    for layer in layers:
        if layer.op == "add" and layer.name.rpartition("/")[0] == path:
            branches = [_before(source, by_position) for source in layer.node.sources]
            longest = max(branches, key=lambda branch: sum(by_position[each].params > 0 for each in branch))
            aside.update(each for branch in branches for each in branch - longest)
    return aside


def _before(position: int, layers: dict[int, Layer]) -> set[int]:
    """Return a layer and all that it follows from, among some layers."""
    found: set[int] = set()
    ahead = [position]
    while ahead:
        each = ahead.pop()
        if each in layers and each not in found:
            found.add(each)
            ahead.extend(layers[each].node.sources)
    return found


def _repeated(words: Sequence[str]) -> list[str]:
    """Write equal blocks that follow one another once, with their number; layers stay one by one, as in papers."""
    runs: list[tuple[str, int]] = []
    for word in words:
        if runs and runs[-1][0] == word and word[0] == "[":
            runs[-1] = (word, runs[-1][1] + 1)
        else:
            runs.append((word, 1))
    return [word if number == 1 else f"{word} x{number}" for word, number in runs]


def _layer(layer: Layer, *, stride: bool) -> str:
    """Write a layer: 7x7, 64 /2; max pool 3x3 /2; fc 1000."""
    operation = layer.operation
    kernel = getattr(operation, "kernel", None)
    window = "x".join(map(str, kernel)) if isinstance(kernel, tuple) and len(kernel) == 2 else ""
    filters = getattr(operation, "filters", None)
    word = "" if layer.op == "conv" else layer.op.replace("_conv", "").replace("_", " ")
    if layer.op == "fc":
        return f"fc {layer.output.channels}"
    steps = getattr(operation, "resolved_stride", None)
    step = f" /{steps[0]}" if stride and isinstance(steps, tuple) and steps[0] > 1 else ""
    groups = getattr(operation, "groups", 1)
    grouped = f", {groups} groups" if isinstance(groups, int) and groups > 1 else ""
    if filters is None and not layer.params:
        return f"{word} {window}".strip() + step
    return f"{f'{window} {word}'.strip()}, {filters or layer.output.channels}{grouped}{step}"
