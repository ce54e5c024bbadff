"""The error of the model on archcalc's measurements, group by group.

``evaluate`` computes it from the rows; ``accuracy.json`` keeps the result, so that a command need not analyse dozens of
networks. ``python docs/generate.py`` writes the file, and a test checks it against the rows.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.devices.finding import find_device
from archcalc.analyses.time.estimate import rates, time
from archcalc.analyses.time.options import TimeOptions
from archcalc.analyses.time.passes import UPDATE
from archcalc.text.source import read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archcalc.analyses.time.estimate import Estimate
    from archcalc.analyses.time.measured import Group, Row
    from archcalc.engine.network import Network


class Held(NamedTuple):
    """A measurement and its estimate, in seconds for the batch, and the number of passes."""

    network: str
    input: int
    batch: int
    measured: float
    estimated: float
    passes: int

    @property
    def error(self) -> float:
        """The relative error of the estimate: negative if it is too low."""
        return self.estimated / self.measured - 1


class Accuracy(NamedTuple):
    """The errors of the model on a group of measurements."""

    device: str
    dtype: str
    tensor: bool
    phase: str
    note: str
    title: str
    url: str
    how: str
    rows: tuple[Held, ...]

    @property
    def mean_error(self) -> float:
        """The mean of the errors without their signs."""
        return sum(abs(row.error) for row in self.rows) / len(self.rows)

    @property
    def bias(self) -> float:
        """The mean of the errors with their signs."""
        return sum(row.error for row in self.rows) / len(self.rows)

    @property
    def worst(self) -> Held:
        """The row with the largest error."""
        return max(self.rows, key=lambda row: abs(row.error))

    @property
    def rank_correlation(self) -> float | None:
        """Spearman's correlation of estimated and measured times per image; None for fewer than three rows."""
        if len(self.rows) < 3:
            return None
        return spearman(
            [row.measured / row.batch for row in self.rows], [row.estimated / row.batch for row in self.rows]
        )

    @property
    def calibrated_error(self) -> float | None:
        """The mean error after scaling by one of the rows, averaged over all choices; None for a single network."""
        networks = {row.network for row in self.rows}
        if len(networks) < 2:
            return None
        errors = [
            abs(other.estimated / other.measured * one.measured / one.estimated - 1)
            for one in self.rows
            for other in self.rows
            if other.network != one.network
        ]
        return sum(errors) / len(errors)


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """Return Spearman's rank correlation; equal values share the mean of their ranks."""
    ranks = [_ranks(first), _ranks(second)]
    middle = (len(first) + 1) / 2
    spread = [sum((rank - middle) ** 2 for rank in values) for values in ranks]
    both = sum((one - middle) * (other - middle) for one, other in zip(*ranks, strict=True))
    return float(both / (spread[0] * spread[1]) ** 0.5) if spread[0] and spread[1] else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda place: values[place])
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for place in order[start : end + 1]:
            ranks[place] = (start + end) / 2 + 1
        start = end + 1
    return ranks


def evaluate(groups: Iterable[Group]) -> tuple[list[Accuracy], list[str]]:
    """Compare the model with measurements; also return networks that archcalc does not have, which are left out."""
    networks: dict[tuple[str, int], Network | None] = {}
    evaluated = []
    for group in groups:
        rows = []
        for row in group.rows:
            of = (row.network, row.input)
            if of not in networks:
                networks[of] = _network(*of)
            network = networks[of]
            if network is not None:
                rows.append(_held(network, group, row))
        if rows:
            origin = group.origin
            used = rates(find_device(group.device), group.dtype, group.tensor).tensor
            known = (group.device, group.dtype, used, group.phase, group.note)
            evaluated.append(Accuracy(*known, origin.title, origin.url, origin.how, tuple(rows)))
    return evaluated, list(dict.fromkeys(name for (name, _), network in networks.items() if network is None))


def _network(name: str, input: int) -> Network | None:
    """Return a network for an input size; None if archcalc does not have it."""
    from archcalc.engine.expand import expand
    from archcalc.errors import RequestError
    from archcalc.zoo import find

    try:
        return expand(find(name), (input,))
    except RequestError:
        return None


def _held(network: Network, group: Group, row: Row) -> Held:
    from archcalc.engine.count import count, setup

    report = count(network, setup(row.batch, group.dtype))
    mixed = group.phase == "step" and group.dtype == "float16"
    optimizer = "none" if group.phase == "forward" else "momentum"
    estimate = time(report, group.device, TimeOptions(group.tensor, optimizer, mixed))
    seconds = _estimated(estimate, group.phase)
    return Held(row.network, row.input, row.batch, row.seconds, seconds, len(estimate.passes))


def _estimated(estimate: Estimate, phase: str) -> float:
    if phase == "forward":
        return estimate.seconds
    every = [step for step in estimate.training or () if phase == "step" or step.phase != UPDATE]
    return estimate.rates.cost(every).seconds


_known: list[Accuracy] = []


def accuracies() -> list[Accuracy]:
    """Return the errors on archcalc's measurements, as computed from them."""
    if not _known:
        import json

        _known.extend(from_json(json.loads(read_file(path()).text)))
    return _known


def path() -> str:
    """Return the path of the file with the errors."""
    here = os.path.dirname(os.path.abspath(__file__))
    return os.path.join(here, "accuracy.json")


def to_text(groups: Iterable[Accuracy]) -> str:
    """Return errors as the text of a JSON file, a row on a line."""
    import json

    text = json.dumps(to_json(groups), indent=1, ensure_ascii=False)
    return re.sub(r"\[\n\s+(\"[^\]\[]*?)\n\s+\]", lambda row: "[" + re.sub(r",\n\s+", ", ", row[1]) + "]", text) + "\n"


def to_json(groups: Iterable[Accuracy]) -> list[dict[str, Any]]:
    """Return errors as plain data; seconds with seven significant digits."""
    return [
        {
            **{word: value for word, value in accuracy._asdict().items() if word != "rows"},
            "rows": [
                [row.network, row.input, row.batch, *(float(f"{s:.7g}") for s in row[3:5]), row.passes]
                for row in accuracy.rows
            ],
        }
        for accuracy in groups
    ]


def from_json(data: Iterable[dict[str, Any]]) -> list[Accuracy]:
    """Return errors from plain data."""
    return [Accuracy(**{**group, "rows": tuple(Held(*row) for row in group["rows"])}) for group in data]


def of_device(device: str, dtype: str, tensor: bool, phase: str = "forward") -> list[Accuracy]:
    """Return the errors on the groups of a device, type and phase, the largest group first."""
    groups = [
        accuracy
        for accuracy in accuracies()
        if (accuracy.device, accuracy.dtype, accuracy.tensor, accuracy.phase) == (device, dtype, tensor, phase)
    ]
    return sorted(groups, key=lambda accuracy: -len(accuracy.rows))
