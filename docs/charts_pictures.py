"""The charts of the documentation: what the commands on charts.md draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import archcalc
from archcalc.charts import make

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "pictures/charts"

COMPARED = (
    "alexnet", "vgg16", "vgg19", "googlenet", "bn-inception", "inception-v3", "inception-v4", "resnet18", "resnet34",
    "resnet50", "resnet101", "resnet152", "densenet121", "mobilenet-v1",
)  # fmt: skip
"""The networks of the lectures' own chart, and those that lectures name beside them."""


def pictures() -> Iterator[tuple[str, str]]:
    """Yield the files of all charts, and what is in them."""
    charts = {
        "compared": archcalc.chart([archcalc.load(name).analyze() for name in COMPARED]),
        "vgg16-layers": archcalc.load("vgg16").analyze().chart("layers"),
        "unet-memory": archcalc.load("unet").analyze().chart("memory"),
        "resnet50-time": archcalc.load("resnet50")
        .analyze(batch=32, dtype="float16")
        .chart("time", depth=2, device="rtx3090"),
        "errors": make.errors(),
    }
    for name, chart in charts.items():
        yield f"{FOLDER}/{name}.svg", chart.svg
