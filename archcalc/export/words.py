"""What writers say of a network beside what they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.engine.report import Report

MOST = 3
"""Names that a remark lists before it counts the others."""


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: some of them, and how many more there are."""
    shown = list(names[:MOST])
    more = len(names) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def left_out(report: Report) -> Iterator[str]:
    """Yield a sentence about the branches for training, where there are some."""
    branches = list(dict.fromkeys(layer.name.partition("/")[0] for layer in report.training_layers))
    if branches:
        yield f"branches for training alone are left out: {listed(branches)}"
