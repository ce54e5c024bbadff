"""The page of ``list``: the networks that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc import units
from archcalc.engine.report import SCHEMA
from archcalc.render.columns import across
from archcalc.render.page import Grid, Head, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.summaries import Summary


def page(networks: Sequence[Summary]) -> Page:
    """List networks: name, title, year, input, params, MACs."""
    heads = (
        Head("network", left=True), Head("title", left=True, optional=2), Head("also", left=True, optional=1),
        Head("year"), Head("input", left=True), Head("params"), Head("MACs"),
    )  # fmt: skip
    rows = tuple(
        (
            each.name,
            each.title,
            ", ".join(each.aliases),
            str(each.year or ""),
            across(each.input),
            units.short(each.params),
            units.short(each.macs),
        )
        for each in networks
    )
    names = ("network", "title", "year", "input", "params", "macs")
    exact = tuple((each.name, each.title, each.year, across(each.input), each.params, each.macs) for each in networks)
    data = [
        {
            "schema": SCHEMA,
            "network": each.name,
            "title": each.title,
            "aliases": list(each.aliases),
            "year": each.year,
            "input": list(each.input),
            "params": each.params,
            "macs": each.macs,
        }
        for each in networks
    ]
    count = "1 network" if len(networks) == 1 else f"{len(networks)} networks"
    note = f"{count}; 1 MAC = 1 multiplication + 1 addition; K, M, G are powers of 1000."
    return Page((Grid("", heads, rows, notes=(note,), exact=(names, exact)),), data)
