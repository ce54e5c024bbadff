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
    """The networks that archcalc knows: name, title, other names, libraries that have it, year, input, params, MACs."""

    networks: Sequence[Summary]

    def grids(self) -> list[Grid]:
        """Return the table of all networks."""
        models = all(":" in network.name for network in self.networks)
        heads = (
            Head("network", left=True), Head("title", left=True, optional=2), Head("also", left=True, optional=1),
            Head("in archcalc" if models else "libraries", left=True, optional=3), Head("year"),
            Head("input", left=True), Head("params"), Head("MACs"),
        )  # fmt: skip
        rows = tuple(
            (
                network.name,
                network.title,
                ", ".join((*network.aliases, *network.models)),
                next(iter(network.aliases), "") if models else _libraries(network),
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
        return [Grid("", heads, rows, notes=(note, *self._hints()))]

    def _hints(self) -> list[str]:
        """Return how to see what the libraries call their models, where a table names the libraries alone."""
        libraries = dict.fromkeys(_library(name) for network in self.networks for name in network.models)
        lists = " or ".join(f"list {library}:" for library in libraries)
        return [f"Names of libraries' models: {lists}."] if libraries and ":" not in self.networks[0].name else []

    def tables(self) -> list[Table]:
        """Return the same with exact values, without aliases."""
        heads = ("network", "title", "year", "input", "params", "macs", "models")
        rows = (
            (
                network.name,
                network.title,
                network.year,
                across(network.input),
                network.params,
                network.macs,
                " ".join(network.models),
            )
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
                "models": list(network.models),
                "year": network.year,
                "input": list(network.input),
                "params": network.params,
                "macs": network.macs,
            }
            for network in self.networks
        ]


def _libraries(network: Summary) -> str:
    """Return the names of the libraries that have a network."""
    return " ".join(dict.fromkeys(_library(name) for name in (network.name, *network.models) if ":" in name))


def _library(model: str) -> str:
    return model.partition(":")[0]
