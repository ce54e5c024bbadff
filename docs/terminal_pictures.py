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

PICTURES = {
    "vgg16.svg": "show vgg16",
    "pictures/terminal-list.svg": "list vgg",
    "pictures/terminal-show-depth.svg": "show googlenet --depth 2 -c layer,kernel,stride,output,params,macs,macs_share",
    "pictures/terminal-blocks.svg": "compare --layers resnet18 resnet34 resnet50",
    "pictures/terminal-compare.svg": "compare alexnet vgg16 googlenet resnet50 mobilenet-v2",
    "pictures/terminal-explain.svg": "explain alexnet conv1",
    "pictures/terminal-check.svg": "check vgg16 --only misprint,agrees-under,approximate",
    "pictures/terminal-memory.svg": "memory resnet50 --batch 32 --optimizer adam",
    "pictures/terminal-conventions.svg": "conventions resnet50",
    "pictures/terminal-why.svg": "why resnet50 4.1G",
    "pictures/terminal-time.svg": "time resnet50 --device rtx3090 --dtype float16 --batch 32",
}
"""File of this folder to the command line."""


def pictures() -> Iterator[tuple[str, str]]:
    """Yield each picture and the file that it is written to."""
    from click.testing import CliRunner

    from archcalc.cli import cli

    environment = {name: None for name in os.environ if name in ("LINES", "NO_COLOR")}
    for name, line in PICTURES.items():
        width = WIDE if "explain" in line else WIDTH
        arguments = [*shlex.split(line), "--format", "svg"]
        result = CliRunner().invoke(cli, arguments, env={**environment, "COLUMNS": str(width)})
        assert result.exit_code == 0, result.output
        yield name, result.stdout
