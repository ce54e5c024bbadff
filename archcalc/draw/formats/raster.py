"""An SVG as PNG or PDF, by an optional package that draws it without a browser."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from archcalc.errors import RequestError

SCALE = 2
"""Pixels of a PNG for one of the SVG, so that it is sharp on screens and slides."""


def png(svg: str) -> bytes:
    """Return an SVG as PNG; raise RequestError where the package is missing."""
    data: bytes = _converter("png").svg_to_png(svg, scale=SCALE)
    return data


def pdf(svg: str) -> bytes:
    """Return an SVG as PDF of one page; raise RequestError where the package is missing."""
    data: bytes = _converter("pdf").svg_to_pdf(svg)
    return data


def _converter(format: str) -> Any:
    try:
        return import_module("vl_convert")
    except ImportError:
        raise RequestError(
            f"{format} needs the package vl-convert-python: pip install 'archcalc[draw]'; svg needs none"
        ) from None
