"""The page of ``list``: the networks that archcalc knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.engine.report import SCHEMA
from archcalc.render.columns import across
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.summaries import Summary


class ListPage(Page):
    """The networks that archcalc knows: name, title, year, input, params, MACs."""

    networks: Sequence[Summary]

    def grids(self) -> list[Grid]:
        """Return the table of all networks."""
        heads = (
            Head("network", left=True), Head("title", left=True, optional=2), Head("also", left=True, optional=1),
            Head("year"), Head("input", left=True), Head("params"), Head("MACs"),
        )  # fmt: skip
        rows = tuple(
            (
                network.name,
                network.title,
                ", ".join(network.aliases),
                str(network.year or ""),
                across(network.input),
                units.short(network.params),
                units.short(network.macs),
            )
            for network in self.networks
        )
        number = len(self.networks)
        note = (
            f"{number} network{'' if number == 1 else 's'}; 1 MAC = 1 multiplication + 1 addition; K, M, G are powers"
            " of 1000."
        )
        return [Grid("", heads, rows, notes=(note,))]

    def tables(self) -> list[Table]:
        """Return the same with exact values, without aliases."""
        heads = ("network", "title", "year", "input", "params", "macs")
        rows = (
            (network.name, network.title, network.year, across(network.input), network.params, network.macs)
            for network in self.networks
        )
        return [Table(heads, rows)]

    def data(self) -> list[dict[str, Any]]:
        """Return all that is known about each."""
        return [
            {
                "schema": SCHEMA,
                "network": network.name,
                "title": network.title,
                "aliases": list(network.aliases),
                "year": network.year,
                "input": list(network.input),
                "params": network.params,
                "macs": network.macs,
            }
            for network in self.networks
        ]
