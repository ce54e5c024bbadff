"""Where the numbers of every layer come from, as data of the page: what ``explain`` prints, each text once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.render.explain import LayerPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.row_tree import TreeRow
    from archcalc.conventions.convention import Convention
    from archcalc.engine.report import Report


class _Pool:
    """Values, each kept once; they are known by their places."""

    def __init__(self) -> None:
        self.places: dict[Any, int] = {}

    def place(self, value: Any) -> int:
        return self.places.setdefault(value, len(self.places))


def derivations(report: Report, tree: Sequence[TreeRow], si: bool, convention: Convention | None) -> dict[str, Any]:
    """Return the derivations of all layers, and the sums of all composites.

    ``texts`` has every text once, ``steps`` every line of a derivation as places of texts; ``layers`` are [name, title,
    lines, notes], and ``sums`` has the notes of rows of several layers by the number of the row.
    """
    within = None if convention is None else convention.within(report)
    texts, steps = _Pool(), _Pool()
    layers = []
    for layer, grid in zip(report.layers, LayerPage(report, "", report.layers, si, within).grids(), strict=True):
        lines = [steps.place(tuple(map(texts.place, row))) for row in grid.rows]
        title = grid.title.removeprefix(f"{report.name} ")
        layers.append([layer.name, texts.place(title), lines, [texts.place(note) for note in grid.below()]])
    sums = {
        number: [texts.place(note) for note in LayerPage(report, each.row.path, each.row.layers, si, within).notes()]
        for number, each in enumerate(tree)
        if len(each.row.layers) > 1
    }
    return {"texts": list(texts.places), "steps": list(steps.places), "layers": layers, "sums": sums}
