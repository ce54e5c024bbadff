"""Layers one after another that the spec does not name, as one nn.Sequential."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.export.sources.parts import Statement

if TYPE_CHECKING:
    from archcalc.export.sources.parts import Part

MIN_MODULES = 2
"""Layers made once that a chain has to have; what is a function anyway needs no chain."""


def chained(part: Part) -> list[Statement]:
    """Return the statements of a part with its chains put together."""
    statements = part.statements
    reads: dict[int, int] = {}
    for statement in statements:
        for each in statement.inputs:
            reads[id(each)] = reads.get(id(each), 0) + 1
    results = [value.var for value in part.results] or ([part.result.var] if part.result is not None else [])
    for var in results:
        reads[id(var)] = reads.get(id(var), 0) + 1
    found: list[Statement] = []
    taken = {statement.attribute for statement in statements}
    place = 0
    while place < len(statements):
        chain = _chain(statements, place, reads)
        if sum(bool(each.attribute) for each in chain) >= MIN_MODULES:
            found.append(_together(chain, taken))
        else:
            found += chain
        place += len(chain)
    return found


def _chain(statements: list[Statement], place: int, reads: dict[int, int]) -> list[Statement]:
    """Return the statements from a place on that only read one another."""
    chain = [statements[place]]
    while _fits(chain[-1]) and place + len(chain) < len(statements):
        behind = statements[place + len(chain)]
        if not _fits(behind) or behind.inputs[0] is not chain[-1].out or reads[id(chain[-1].out)] != 1:
            break
        chain.append(behind)
    return chain


def _fits(statement: Statement) -> bool:
    return bool(statement.maker) and not statement.named and len(statement.inputs) == 1 and not statement.lines


def _together(chain: list[Statement], taken: set[str]) -> Statement:
    name, number = "layers", 1
    while name in taken:
        number += 1
        name = f"layers_{number}"
    taken.add(name)
    maker = f"nn.Sequential({', '.join(each.maker for each in chain)})"
    return Statement(chain[-1].out, chain[0].inputs, f"self.{name}({{0}})", name, maker)
