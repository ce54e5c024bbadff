"""Configurations side by side: networks by stages of equal height and width, layer by layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.analyses.blocks import Stage, stages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.engine.report import Report

Size = tuple[int, int]


class Line(NamedTuple):
    """A line of the table: the height and width, and what each network has there; None where it has nothing."""

    size: Size
    cells: tuple[Stage | None, ...]


def side_by_side(reports: Sequence[Report]) -> list[Line]:
    """Return the lines of some networks; those of one size stand together, in the order in which they run."""
    runs = [_runs(report) for report in reports]
    sizes: list[Size] = []
    for own in runs:
        sizes = _merged(sizes, [size for size, _ in own])
    lines: list[Line] = []
    placed = [_placed(own, sizes) for own in runs]
    for number, size in enumerate(sizes):
        columns = [own[number] for own in placed]
        for level in range(max(map(len, columns))):
            cells = (column[level] if level < len(column) else None for column in columns)
            lines.append(Line(size, tuple(cells)))
    return lines


def _runs(report: Report) -> list[tuple[Size, list[Stage]]]:
    """Return what a network has at each size, as long as it stays at that."""
    runs: list[tuple[Size, list[Stage]]] = []
    for stage in stages(report):
        if stage.text:
            size = (stage.output.height, stage.output.width)
            if not runs or runs[-1][0] != size:
                runs.append((size, []))
            runs[-1][1].append(stage)
    return runs


def _merged(first: list[Size], second: list[Size]) -> list[Size]:
    """Return the sizes of two networks in one order; equal ones are the same."""
    from difflib import SequenceMatcher

    merged: list[Size] = []
    for _, start, end, other_start, other_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        merged += first[start:end]
        if first[start:end] != second[other_start:other_end]:
            merged += second[other_start:other_end]
    return merged


def _placed(own: list[tuple[Size, list[Stage]]], sizes: list[Size]) -> list[list[Stage]]:
    """Put what a network has at each of its sizes beside those of all."""
    placed: list[list[Stage]] = [[] for _ in sizes]
    place = 0
    for size, inner in own:
        place = sizes.index(size, place)
        placed[place] = inner
        place += 1
    return placed
