"""What charts are written as: SVG, pictures of pixels or pages made from it, and Vega-Lite."""

from __future__ import annotations

from archcalc.draw.formats import FORMATS as PICTURES
from archcalc.draw.formats import Format

FORMATS = {
    **{word: PICTURES[word] for word in ("svg", "png", "pdf")},
    "vega": Format((".json",)),
}
"""Word on the command line to format."""

ENDINGS = {ending: word for word, format in FORMATS.items() for ending in format.endings}
"""The endings of files, each with the format that it is known by."""
