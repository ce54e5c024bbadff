"""Ways to write a picture, one file each; those that are pictures of pixels or pages are made from the SVG."""

from __future__ import annotations

from typing import NamedTuple


class Format(NamedTuple):
    """A format of pictures: the endings of its files, and whether it is XML or no text at all."""

    endings: tuple[str, ...]
    is_xml: bool = False
    is_binary: bool = False


FORMATS = {
    "svg": Format((".svg",), is_xml=True),
    "png": Format((".png",), is_binary=True),
    "pdf": Format((".pdf",), is_binary=True),
    "dot": Format((".dot", ".gv")),
    "mermaid": Format((".mmd", ".mermaid")),
    "tikz": Format((".tex", ".tikz")),
}
"""Word on the command line to format."""

ENDINGS = {ending: word for word, format in FORMATS.items() for ending in format.endings}
"""The endings of files, each with the format that it is known by."""
