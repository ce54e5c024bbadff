"""Pictures of a terminal with the commonest outputs, as ``--format svg`` writes them."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 100
"""Columns of the terminal."""

WIDE = 122
"""Columns of one in which formulas have a line each."""

WIDTHS = (80, 140)
"""Columns of the terminals on the page about outputs."""

PICTURES = {
    "vgg16.svg": "show vgg16",
    "pictures/terminal-compare.svg": "compare alexnet vgg16 googlenet resnet50 mobilenet-v2",
    "pictures/terminal-explain.svg": "explain alexnet conv1",
    "pictures/terminal-check.svg": "check vgg16 --only misprint,agrees-under,approximate",
    "pictures/terminal-memory.svg": "memory resnet50 --batch 32 --optimizer adam",
}
"""File of this folder to the command line."""

OUTPUTS = {
    "list": "list vgg",
    "show": "show vgg16",
    "show-depth": "show googlenet --depth 2 --columns layer,kernel,stride,output,params,macs,macs_share",
    "blocks": "compare --layers resnet18 resnet34 resnet50",
    "compare": "compare alexnet vgg16 googlenet resnet50 mobilenet-v2",
    "explain": "explain alexnet conv1",
    "check": "check vgg16 --only misprint,agrees-under,approximate",
    "memory": "memory resnet50 --batch 32 --optimizer adam",
    "conventions": "conventions resnet50",
    "why": "why resnet50 4.1G",
    "time": "time resnet50 --device rtx3090 --dtype float16 --batch 32",
}
"""The commonest outputs, by the names of their pictures."""


def pictures() -> Iterator[tuple[str, str]]:
    """Yield each picture and the file that it is written to."""
    for name, line in PICTURES.items():
        yield name, _picture(line, WIDE if "explain" in line else WIDTH)
    for name, line in OUTPUTS.items():
        for width in WIDTHS:
            yield f"pictures/terminal/{name}-{width}.svg", _picture(line, width)


def page() -> str:
    """Return the page that shows the commonest outputs."""
    lines = [
        "# What terminals show",
        "",
        "The commonest outputs in terminals of 80 and of 140 columns, as `--format svg` writes them; they follow the",
        "light or dark scheme of whoever looks. Colours repeat what signs and words say.",
    ]
    for name, line in OUTPUTS.items():
        lines += ["", f"## `archcalc {line}`"]
        for width in WIDTHS:
            lines += ["", f"![{width} columns: archcalc {line}](pictures/terminal/{name}-{width}.svg)"]
    return "\n".join(lines) + "\n"


def _picture(line: str, width: int) -> str:
    from click.testing import CliRunner

    from archcalc.cli import cli

    environment = {name: None for name in os.environ if name in ("LINES", "NO_COLOR")}
    arguments = [*shlex.split(line), "--format", "svg"]
    result = CliRunner().invoke(cli, arguments, env={**environment, "COLUMNS": str(width)})
    assert result.exit_code == 0, result.output
    return result.stdout
