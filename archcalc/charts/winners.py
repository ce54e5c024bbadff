"""The winners of the ImageNet challenge by year: their errors as published, and the depths of their networks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.accuracy import percent
from archcalc.charts.columns import Column, ColumnChart
from archcalc.language.cite import read_cite, read_year
from archcalc.text import readers
from archcalc.text.source import read_file
from archcalc.text.tree import Mapping, NodeError, Sequence, read_tree

if TYPE_CHECKING:
    from archcalc.language.model import Cite
    from archcalc.text.source import Source
    from archcalc.text.tree import Node

FILE = "winners.yaml"


class Winner(NamedTuple):
    """An entry of the challenge: its error as printed, where, and the network that it was, or what stands instead."""

    year: int
    team: str
    printed: str
    cite: str
    network: str
    like: bool
    """Whether it was not that very network, but one of its kind."""
    instead: str

    @property
    def error(self) -> Any:
        """The top-5 error in percent."""
        return percent(self.printed)


class Winners(NamedTuple):
    """The entries by year, the error of a person, and the sources."""

    winners: tuple[Winner, ...]
    human: str
    sources: dict[str, Cite]


def winners() -> Winners:
    """Return the winners that come with archcalc."""
    return read_winners(read_file(os.path.join(os.path.dirname(os.path.abspath(__file__)), FILE)))


def read_winners(source: Source) -> Winners:
    """Read a file of winners; raise SpecError where it is wrong."""
    try:
        tree = _words(read_tree(source), ("sources", "winners", "human"))
        sources = {key: read_cite(node, key) for key, node in _words(tree["sources"]).items()}
        listed = tree["winners"]
        if not isinstance(listed, Sequence):
            raise NodeError(listed, f"expected a list of winners, got {readers.shown(listed)}")
        human = _words(tree["human"], ("top5_error", "cite"))
        known = readers.choice(*sources)
        known(human["cite"])
        return Winners(tuple(_winner(node, known) for node in listed.items), _rate(human["top5_error"]), sources)
    except NodeError as error:
        raise source.error([error.mistake]) from None


def _winner(node: Node, known: readers.Reader[str]) -> Winner:
    given = _words(node, ("year", "team", "top5_error", "cite"), ("network", "like", "instead"))
    if ("network" in given) == ("instead" in given):
        raise NodeError(node, "a winner has a network, or the text to show instead")
    return Winner(
        read_year(given["year"]),
        readers.text(given["team"]),
        _rate(given["top5_error"]),
        known(given["cite"]),
        readers.text(given["network"]) if "network" in given else "",
        "like" in given and readers.flag(given["like"]),
        readers.text(given["instead"]) if "instead" in given else "",
    )


def _rate(node: Node) -> str:
    printed = readers.text(node)
    if percent(printed) is None:
        raise NodeError(node, f"expected an error such as 16.4%, got {readers.shown(node)}")
    return printed


def _words(node: Node, needed: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> dict[str, Node]:
    """Return the values of a mapping by their words; raise NodeError for one that is missing or unknown."""
    if not isinstance(node, Mapping):
        raise NodeError(node, f"expected {{word: value}}, got {readers.shown(node)}")
    given = {key.value: value for key, value in zip(node.keys, node.values, strict=True)}
    for key in node.keys:
        if needed and key.value not in (*needed, *optional):
            raise NodeError(key, f"no '{key.value}' is known here")
    missing = [word for word in needed if word not in given]
    if missing:
        raise NodeError(node, f"'{missing[0]}' is missing")
    return given


def errors() -> ColumnChart:
    """Return the top-5 errors of the winners, with the computed depths of their networks."""
    found = winners()
    columns = tuple(_column(winner) for winner in found.winners)
    values = "; ".join(f"{winner.year} {winner.team} {winner.printed}" for winner in found.winners)
    sources = "; ".join(f"{key}: {cite.title} ({cite.year})" for key, cite in found.sources.items())
    return ColumnChart(
        title="Errors of the ImageNet challenge by year",
        subtitle="classification · top-5 error on the test set, as published · depth as archcalc computes it",
        description=f"Bars of errors, and of depths below them. {values}; a person {found.human}.",
        notes=(
            "Errors are those of the entries, most of them several networks together; the depth is that of one network:"
            " layers with weights of their own on the longest path. In brackets: a network of that kind.",
            f"Sources: {sources}.",
        ),
        remarks=(),
        columns=columns,
        guide=(float(percent(found.human)), f"a trained person: {found.human}"),
    )


def _column(winner: Winner) -> Column:
    depth = _depth(winner.network) if winner.network else None
    name = f"({winner.network})" if winner.like else winner.network
    said = [f"{winner.team}, {winner.year}: {winner.printed} ({winner.cite})"]
    said += [winner.instead] if depth is None else [f"{name}: {depth} layers"]
    return Column(
        str(winner.year), winner.team, name, float(winner.error), winner.printed, depth, winner.instead, "\n".join(said)
    )


def _depth(name: str) -> int:
    from archcalc.engine.count import count, setup
    from archcalc.engine.expand import expand
    from archcalc.zoo import find

    return count(expand(find(name)), setup()).depth
