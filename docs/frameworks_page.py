"""The page of what operations are called in other frameworks, written from the table of synonyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.language.synonyms import NOTHING, synonyms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.language.synonyms import Elsewhere

INTRODUCTION = """# From other frameworks

Written from `archcalc/operations/synonyms.yaml` by `python docs/generate.py`; do not edit it by hand.

The operation for each layer of a framework, and what its settings are called. Settings with the same name are not
repeated; the size of the input is never written. If a class corresponds to several operations, the notes say when to
use which. Each operation is described in [operations](operations.md).

- Sizes are `[height, width]`, shapes `[channels, height, width]` without the batch, whatever the framework's order.
- A framework's `padding="same"` (or SAME_UPPER) is `pad: same`, which puts an odd row at the end; SAME_LOWER is
  `pad: same_lower`.
- `ceil_mode` is `round: ceil`; Caffe's pooling is `round: caffe`. See [the spec format](spec-format.md#operations).
- An activation within a layer (`activation="relu"`, Darknet's `activation=leaky`) is an operation of its own after it.
- Defaults differ: `kernel` is 1 x 1, `stride` is 1 (for pooling, the kernel's size), and `bias` is true.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    lines = [INTRODUCTION]
    for framework, classes in synonyms().frameworks.items():
        lines += [f"## {framework}", "", f"| {framework} | in a spec | settings |", "| --- | --- | --- |"]
        lines += [row for each in classes for row in _rows(each)]
        lines.append("")
    return "\n".join(lines)


def _rows(each: Elsewhere) -> Iterator[str]:
    names = ", ".join(f"`{name}`" for name in each.names)
    for ours, note in each.operations.items():
        said = "–" if ours == NOTHING else f"[`{ours}`](operations.md#{ours})"
        yield f"| {names} | {said} | {note or '–'} |"
        names = ""
