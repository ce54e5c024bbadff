"""Wording of images and rates on pages of times."""

from __future__ import annotations

from archcalc import units


def images(batch: int) -> str:
    """Say how many images a batch has."""
    return "1 image" if batch == 1 else f"{batch:,} images"


def rate(images_per_second: float | None) -> str:
    """Write how many images a second are run; a dash where they take no time."""
    return "–" if images_per_second is None else units.significant(images_per_second)
