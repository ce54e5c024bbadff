"""Writing docs/measured-times.md, and the errors that ``archcalc time`` prints: the model held against measurements."""

from __future__ import annotations

import os
from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING

from archcalc import units
from archcalc.analyses.devices.finding import devices
from archcalc.analyses.time import accuracy
from archcalc.analyses.time.measured import measured

if TYPE_CHECKING:
    from pathlib import Path

    from archcalc.analyses.time.accuracy import Accuracy, Held

_PHASES = {"forward": "run", "backward": "run and way back", "step": "step of training"}

_ABOUT = """Published measurements, compared with the [sum](time.md) for the same network, batch, type and card. Nothing
in the model is fitted to them. An error is estimated / measured − 1; the mean is that of absolute errors. *scaled* is
the mean error if the measurement of another network of the group scales the sum (`--measured`), averaged over all
choices of that network. The rank correlation is Spearman's, of the times per image."""


@cache
def found() -> list[Accuracy]:
    """Hold the model against the measurements that ship, as far as archcalc has their networks."""
    return accuracy.evaluate(measured())[0]


def kept(folder: Path) -> str:
    """Return where the errors are kept, as seen from a folder."""
    return os.path.relpath(accuracy.path(), folder)


def errors() -> str:
    """Return the errors as the package keeps them."""
    return accuracy.to_text(found())


def page() -> str:
    """Return the page."""
    groups = found()
    lines = [
        "# Measured times",
        "",
        "<!-- Written by docs/generate.py from archcalc/analyses/time/measured.yaml; do not edit. -->",
        "",
        *wrap(_ABOUT, 119),
        "",
        "| card | type | what | how | rows | mean error | with its sign | largest | rank correlation | scaled |",
        "| --- | --- | --- | --- | ---: | ---: | ---: | --- | ---: | ---: |",
        *(_summary(each) for each in groups),
        "",
        "Sources:",
        "",
        *dict.fromkeys(f"- {each.title} ({each.how}): <{each.url}>" for each in groups),
    ]
    for each in groups:
        lines += ["", f"## {_title(each)}", "", "| network | input | batch | measured | estimated | error |"]
        lines += ["| --- | ---: | ---: | ---: | ---: | ---: |", *map(_row, each.rows)]
    return "\n".join(lines) + "\n"


def _type(each: Accuracy) -> str:
    return "TF32" if each.tensor and each.dtype == "float32" else each.dtype


def _title(each: Accuracy) -> str:
    note = f", {each.note}" if each.note else ""
    return f"{devices()[each.device].title}, {_type(each)}, {_PHASES[each.phase]}{note}"


def _summary(each: Accuracy) -> str:
    worst, rank, scaled = each.worst, each.rank_correlation, each.calibrated_error
    sign = "+" if each.bias > 0 else "−"
    cells = (
        devices()[each.device].title,
        _type(each),
        _PHASES[each.phase],
        each.note,
        str(len(each.rows)),
        units.share(each.mean_error, 1),
        f"{sign}{units.share(abs(each.bias), 1)}",
        f"{units.off_by(worst.estimated, worst.measured)} ({worst.network})",
        "" if rank is None else f"{rank:.3f}",
        "" if scaled is None else units.share(scaled, 1),
    )
    return f"| {' | '.join(cells)} |"


def _row(row: Held) -> str:
    cells = (
        row.network,
        str(row.input),
        f"{row.batch:,}",
        units.duration(row.measured),
        units.duration(row.estimated),
        units.off_by(row.estimated, row.measured),
    )
    return f"| {' | '.join(cells)} |"
