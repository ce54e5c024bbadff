"""The pictures of the cookbook: each recipe that has one, drawn from the spec on the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import archcalc

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parent / "cookbook.md"
FOLDER = "pictures/cookbook"
WIDTH = 880
"""Pixels of a page on the web, or a little more."""


def pictures() -> Iterator[tuple[str, str]]:
    """Yield the files of all pictures, and what is in them."""
    text = PAGE.read_text(encoding="utf-8")
    specs = dict(re.findall(r"^```yaml (\w+)\.yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    for name in re.findall(rf"\({FOLDER}/(\w+)\.svg\)", text):
        drawing = archcalc.loads(specs[name]).analyze().draw(direction="right", width=WIDTH)
        yield f"{FOLDER}/{name}.svg", drawing.svg
