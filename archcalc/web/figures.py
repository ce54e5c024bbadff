"""The published figures of a network on the page, each with its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.published.check import check
from archcalc.render.check import CheckPage, summary
from archcalc.web.grids import notes, table
from archcalc.web.markup import tag

if TYPE_CHECKING:
    from archcalc.conventions.convention import Convention
    from archcalc.language.networks import NetworkSpec
    from archcalc.web.markup import Html


_BADGES = {"good": "good", "near": "plain", "faint": "plain", "open": "odd", "slip": "odd", "": "odd", "bad": "bad"}
"""Tone of a verdict to the class of its badge."""


def figures(spec: NetworkSpec, convention: Convention | None) -> list[Html]:
    """Return a panel with the findings of ``check``; none where nothing was published.

    Raises SpecError for figures that cannot be read.
    """
    findings = check(spec, convention=convention)
    if not findings:
        return []
    (grid,) = CheckPage(findings, convention=convention).grids()
    badges = {row: _BADGES[tone] for (row, _), tone in grid.tones.items()}
    return [
        tag(
            "section",
            tag("header", tag("h3", "Published figures")),
            tag("p", summary(findings), class_="lead"),
            *([table(grid, "Published figures", badges, "verdict")] if grid.rows else []),
            tag("div", notes(grid.below()), class_="notes small"),
            class_="panel figures",
            aria_label="Published figures",
        )
    ]
