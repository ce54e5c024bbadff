"""Tables of five networks as terminals of 80 and 140 columns show them, and that their rows add up to their totals.

    PYTHONPATH=.:tests python tests/test_golden.py --update

writes them anew; what changes is then read in the difference.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path

import pytest
from running import run

GOLDEN = Path(__file__).parent / "golden"
NETWORKS = {
    "vgg16": ("vgg16",),
    "googlenet": ("googlenet", "--depth", "2"),
    "resnet50": ("resnet50",),
    "mobilenet-v3": ("mobilenet-v3-large",),
    "convnext": ("convnext-tiny",),
}
WIDTHS = (80, 140)


def table(name: str, width: int) -> str:
    """Return the layer table of a network as a terminal of a width shows it."""
    return run("show", *NETWORKS[name], env={"COLUMNS": str(width), "NO_COLOR": "1"}).stdout


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NETWORKS)
def test_tables_are_as_they_were(name: str, width: int) -> None:
    assert table(name, width) == (GOLDEN / f"{name}-{width}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NETWORKS)
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    assert max(len(line) for line in (GOLDEN / f"{name}-{width}.txt").read_text(encoding="utf-8").splitlines()) <= width


@pytest.mark.parametrize("name", NETWORKS)
def test_layers_add_up_to_what_stands_below_the_table(name: str) -> None:
    layers = list(csv.DictReader(io.StringIO(run("show", NETWORKS[name][0], "--all", "--format", "csv").stdout)))
    text = (GOLDEN / f"{name}-140.txt").read_text(encoding="utf-8")
    for column, printed in (
        ("params", r"^params +([\d,]+)"),
        ("macs", r"^MACs +([\d,]+)"),
        ("memory_bytes", r"values = ([\d,]+) bytes"),
    ):
        found = re.search(printed, text, re.MULTILINE)
        assert found
        assert sum(int(layer[column]) for layer in layers) == int(found[1].replace(",", ""))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NETWORKS)
def test_rows_add_up_to_the_total(name: str, width: int) -> None:
    """As printed, each cell rounded: to within a half of its last digit for each row. Rows of modules are left out."""
    rows, total = _cells(name, width)
    for column in (-3, -2, -1):
        cells = [row[column] for row in rows if "(" not in row[column]]
        assert abs(sum(map(_number, cells)) - _number(total[column])) <= len(rows) / 2


def _cells(name: str, width: int) -> tuple[list[list[str]], list[str]]:
    """Return the cells of the rows that have no rows of their own, and of the total."""
    _, body, foot = re.split(r"^─+\n", (GOLDEN / f"{name}-{width}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = body.splitlines()
    inner = [len(line) - len(line.lstrip()) for line in lines]
    leaves = [line for line, depth, after in zip(lines, inner, [*inner[1:], 0], strict=True) if after <= depth]
    return [line.split() for line in leaves], foot.splitlines()[0].split()


def _number(cell: str) -> float:
    return float(cell.replace(",", ""))


if __name__ == "__main__" and "--update" in sys.argv:
    for name in NETWORKS:
        for width in WIDTHS:
            (GOLDEN / f"{name}-{width}.txt").write_text(table(name, width), encoding="utf-8")
