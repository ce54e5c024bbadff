"""The page of ``list``: the networks that archcalc knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units
from archcalc.engine.report import SCHEMA
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.render.columns import across
from archcalc.render.page import Grid, Head, Page, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from archcalc.summaries import Summary


class Column(NamedTuple):
    """A column of the list: its heading, a network's text, exact value, and what it is sorted by."""

    head: Head
    text: Callable[[Summary], str]
    exact: Callable[[Summary], Any]
    order: Callable[[Summary], Any]


def _column(head: Head, exact: Callable[[Summary], Any], text: Callable[[Summary], str] | None = None) -> Column:
    return Column(head, text or (lambda network: str(exact(network) or "")), exact, exact)


COLUMNS = {
    "network": _column(Head("network", left=True), lambda network: network.name),
    "title": _column(Head("title", left=True, optional=2, least=24), lambda network: network.title),
    "also": _column(
        Head("also", left=True, optional=3, least=14), lambda network: ", ".join((*network.aliases, *network.models))
    ),
    "libraries": _column(Head("libraries", left=True, optional=1), lambda network: _libraries(network)),
    "year": Column(
        Head("year"),
        lambda network: str(network.year or ""),
        lambda network: network.year,
        lambda network: (_is_piece(network), network.year or 0),
    ),
    "input": Column(
        Head("input", left=True),
        lambda network: across(network.input),
        lambda network: across(network.input),
        lambda network: network.input[1] * network.input[2],
    ),
    "params": _column(Head("params"), lambda network: network.params, lambda network: units.short(network.params)),
    "macs": _column(Head("MACs"), lambda network: network.macs, lambda network: units.short(network.macs)),
}
"""Word on the command line to column."""

EXACT = ("network", "title", "year", "input", "params", "macs")
"""The columns of exact tables where none are chosen, before the models of libraries."""


def chosen(words: str | None) -> tuple[str, ...]:
    """Read the columns that are asked for, with commas; raise RequestError for one that there is not."""
    if words is None:
        return ()
    named = [_known(word.strip().lower()) for word in words.split(",") if word.strip()]
    if not named:
        raise RequestError(f"no columns in '{printable(words)}'; there are {', '.join(COLUMNS)}")
    return tuple(dict.fromkeys(named))


def in_order(networks: Iterable[Summary], word: str) -> list[Summary]:
    """Return networks sorted by a column, from the last with a - in front; raise RequestError for an unknown one."""
    backwards = word.startswith("-")
    order = COLUMNS[_known(word.lstrip("-").lower())].order
    return sorted(networks, key=order, reverse=backwards)


def _known(word: str) -> str:
    meant = {"name": "network", "aliases": "also", "parameters": "params", "flops": "macs", "size": "input"}
    word = meant.get(word, word)
    if word not in COLUMNS:
        hint = did_you_mean(word, COLUMNS) or f"; there are {', '.join(COLUMNS)}"
        raise RequestError(f"no column '{printable(word[:60])}'{hint}")
    return word


def _is_piece(network: Summary) -> bool:
    """Whether it is a piece that a lecture works out, not a network: it has no year, or is called a module."""
    return network.year is None or "module" in network.title.lower()


class ListPage(Page):
    """The networks that archcalc knows: name, title, other names, libraries that have it, year, input, params, MACs."""

    networks: Sequence[Summary]
    columns: Sequence[str] = ()

    def grids(self) -> list[Grid]:
        """Return the table of all networks."""
        columns = [COLUMNS[word] for word in self.columns] or self._usual()
        rows = tuple(tuple(column.text(network) for column in columns) for network in self.networks)
        number = len(self.networks)
        note = (
            f"{number} network{'' if number == 1 else 's'}; 1 MAC = 1 multiplication + 1 addition; K, M, G are powers"
            " of 1000."
        )
        return [Grid("", tuple(column.head for column in columns), rows, notes=(note, *self._hints()))]

    def _usual(self) -> list[Column]:
        """Return all columns; for models of libraries, what each is in archcalc in place of its libraries."""
        if not all(":" in network.name for network in self.networks):
            return [*COLUMNS.values()]
        own = _column(Head("in archcalc", left=True, optional=1), lambda network: next(iter(network.aliases), ""))
        return [own if word == "libraries" else column for word, column in COLUMNS.items()]

    def _hints(self) -> list[str]:
        """Return how to see what the libraries call their models, where a table names the libraries alone."""
        libraries = dict.fromkeys(_library(name) for network in self.networks for name in network.models)
        lists = " or ".join(f"list {library}:" for library in libraries)
        return [f"Names of libraries' models: {lists}."] if libraries and ":" not in self.networks[0].name else []

    def tables(self) -> list[Table]:
        """Return the same with exact values, without aliases."""
        words = self.columns or EXACT
        heads = (*words, *(() if self.columns else ("models",)))
        rows = (
            (
                *(COLUMNS[word].exact(network) for word in words),
                *(() if self.columns else (" ".join(network.models),)),
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
