"""Reports that figures are checked against: each made once, and the least recently used let go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.engine.count import setup
from archcalc.engine.sums import analyse
from archcalc.errors import Mistake, RequestError
from archcalc.language.networks import input_size, with_values
from archcalc.limits import COST_OF_ANALYSIS, MAX_CHECKED
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.figure import Figure

KEPT = 200_000
"""Layers of all reports that are kept at a time: more than archcalc's own networks have together."""


class Reports:
    """The reports of networks, by arguments, input and branches."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept: dict[Any, Report] = {}
        self._layers = 0
        self._most = kept
        self._spent: dict[str, int] = {}
        self.looked = 0
        """Layers and names that figures have been looked up in."""

    def report(self, spec: NetworkSpec, figure: Figure) -> Report:
        """Return the report that a figure is of; raise NodeError where there is none."""
        settings = tuple(sorted(figure.set.items()))
        key = (spec.family.source.file, spec.name, settings, figure.input, figure.training)
        report = self._kept.pop(key, None)
        if report is None:
            report = _analysed(spec, figure)
            self.spend(spec, COST_OF_ANALYSIS)
            self._layers += report.layer_count
        self._kept[key] = report  # the last is the one used last
        while self._layers > self._most and len(self._kept) > 1:
            oldest = self._kept.pop(next(iter(self._kept)))
            self._layers -= oldest.layer_count
        return report

    def spend(self, spec: NetworkSpec, work: int) -> None:
        """Count work on the figures of a network's file, in figures; raise SpecError for too much."""
        file = spec.family.source.file
        self._spent[file] = self._spent.get(file, 0) + work
        if self._spent[file] > MAX_CHECKED:
            networks = f"its {len(spec.family.variants) + 1:,} networks together"
            text = f"too many figures to check in {networks}, more than {MAX_CHECKED:,}"
            at = next(iter((*spec.published, *spec.expect)), None)
            raise spec.family.source.error([Mistake(text, 0, 0) if at is None else NodeError(at, text).mistake])

    def layers(self, spec: NetworkSpec, figure: Figure) -> Sequence[Layer] | None:
        """Return the layers that a figure describes, in the order of the network; None for the whole network.

        Raises NodeError for unknown names.
        """
        report = self.report(spec, figure)
        self.looked += report.layer_count
        if figure.at is None and not figure.without:
            return None
        chosen = report.layers if figure.at is None else self._named(figure, figure.at, report)
        if not figure.without:
            return chosen
        left_out = {layer.position for layer in self._named(figure, figure.without, report)}
        return [layer for layer in chosen if layer.position not in left_out]

    def _named(self, figure: Figure, paths: Iterable[str], report: Report) -> list[Layer]:
        layers: dict[int, Layer] = {}
        for path in paths:
            try:
                found = report.find(path)
            except RequestError as error:
                raise NodeError(figure.node, str(error)) from None
            self.looked += len(found)
            layers.update((layer.position, layer) for layer in found)
        return [layers[position] for position in sorted(layers)]


def _analysed(spec: NetworkSpec, figure: Figure) -> Report:
    try:
        changed = with_values(spec, figure.set)
        return analyse(changed, input_size(figure.input), setup(), training=figure.training)
    except RequestError as error:
        raise NodeError(figure.node, str(error)) from None
