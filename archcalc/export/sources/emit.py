"""Statements as lines of Python: values that are read once stand where they are read, others get a variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archcalc.export.sources.parts import Statement, Var

MAX_NESTED = 68
"""Characters of an expression that may stand inside another."""

MAX_LINE = 100


def lines_of(
    statements: list[Statement], inputs: list[Var], results: list[Var], taken: frozenset[str] = frozenset()
) -> list[str]:
    """Return the lines of a function's body, the return included; ``taken`` are names that no variable may have."""
    return _Emitter(statements, inputs, results, taken).lines()


class _Emitter:
    def __init__(
        self, statements: list[Statement], inputs: list[Var], results: list[Var], taken: frozenset[str]
    ) -> None:
        self.taken = taken
        self.statements = statements
        self.inputs = inputs
        self.results = results
        self.reads: dict[int, list[int]] = {}
        """The places where each value is read; the return is one behind the last."""
        for place, statement in enumerate(statements):
            for number, each in enumerate(statement.inputs):
                often = max(1, statement.text.count(f"{{{number}}}"))
                self.reads.setdefault(id(each), []).extend([place] * often)
        for each in results:
            self.reads.setdefault(id(each), []).append(len(statements))
        self.inlined = self._inlined()

    def _inlined(self) -> set[int]:
        """Choose the statements that stand inside the one that reads them: nothing is assigned between both."""
        statements, inlined = self.statements, set[int]()
        for place in reversed(range(len(statements))):
            reads = self.reads.get(id(statements[place].out), [])
            between = range(place + 1, reads[0] if reads else 0)
            if len(reads) != 1 or statements[place].lines or statements[place].out.name or statements[place].remark:
                continue
            reader = statements[reads[0]] if reads[0] < len(statements) else None
            if (reader is None or not reader.lines) and all(each in inlined for each in between):
                inlined.add(place)
        while True:
            wide = self._too_wide(inlined)
            if not wide:
                return inlined
            inlined -= wide

    def _too_wide(self, inlined: set[int]) -> set[int]:
        """Return what cannot stay inside another expression, for it would grow too long."""
        length: dict[int, int] = {}
        dropped: set[int] = set()
        makers = {id(statement.out): place for place, statement in enumerate(self.statements)}
        for place, statement in enumerate(self.statements):
            inner = [makers[id(each)] for each in statement.inputs if makers.get(id(each)) in inlined]
            total = len(statement.text) + sum(length[each] - 3 for each in inner)
            limit = MAX_NESTED if len(statement.inputs) == 1 else MAX_LINE - 12
            if total > limit and inner:
                dropped.update(inner)
                return dropped
            length[place] = total
        return set()

    def lines(self) -> list[str]:
        """Return the lines."""
        names = {id(each): each.name for each in self.inputs}
        held: dict[int, str] = {}
        lines: list[str] = []
        for place, statement in enumerate(self.statements):
            given = [held.get(id(each)) or names[id(each)] for each in statement.inputs]
            if place in self.inlined:
                held[id(statement.out)] = filled(statement.text, given)
                continue
            name = self._name(statement, place, names, held)
            if statement.lines:
                first = names[id(statement.inputs[0])]
                lines += [f"{name} = {first}"] if name != first else []
                lines += [line.format(name, *given[1:]) for line in statement.lines]
            else:
                lines.append(f"{name} = {filled(statement.text, given)}")
            if statement.remark:
                lines[-1] += f"  # {statement.remark}"
            names[id(statement.out)] = name
        returned = [held.get(id(each)) or names[id(each)] for each in self.results]
        last = lines[-1].split(" = ") if lines else []
        if len(returned) == 1 and len(last) == 2 and last[0] == returned[0]:
            return [*lines[:-1], f"return {last[1]}"]
        return [*lines, f"return {', '.join(returned)}"]

    def _name(self, statement: Statement, place: int, names: dict[int, str], held: dict[int, str]) -> str:
        """Return the variable of a value: one whose own value is read no more, else a new one."""
        alive = {names[key] for key, reads in self.reads.items() if key in names and reads[-1] > place}
        alive |= self._held_back(place, names)
        if statement.out.name and statement.out.name not in alive:
            return statement.out.name
        dying = [names[id(each)] for each in statement.inputs if id(each) in names]
        dying += [names[id(each)] for each in self.inputs]
        for name in sorted(dict.fromkeys(dying), key=lambda each: each != "x"):
            if name not in alive and len(name) == 1:
                return name
        return next(name for name in _letters() if name not in alive and name not in self.taken)

    def _written(self, place: int) -> int:
        """Return where the text of a statement stands that is inside another, which may be inside a third."""
        while place in self.inlined:
            place = self.reads[id(self.statements[place].out)][0]
        return place

    def _held_back(self, place: int, names: dict[int, str]) -> set[str]:
        """Return the variables that expressions wait for which are not written yet."""
        waiting: set[str] = set()
        for earlier in range(place):
            if earlier not in self.inlined:
                continue
            if self._written(earlier) > place:
                waiting |= {names[id(each)] for each in self.statements[earlier].inputs if id(each) in names}
        return waiting


def filled(text: str, given: list[str]) -> str:
    """Return a text with its inputs; what stands alone in parentheses needs none of its own."""
    for number, each in enumerate(given):
        if each.startswith("(") and is_wrapped(each):
            text = text.replace(f"({{{number}}})", f"({each[1:-1].replace('{', '{{').replace('}', '}}')})")
    return text.format(*given)


def is_wrapped(text: str) -> bool:
    """Whether the first bracket of a text ends with it, and no comma stands in it: it is no tuple."""
    depth = 0
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if (depth == 0 and place < len(text) - 1) or (letter == "," and depth == 1):
            return False
    return depth == 0


def _letters() -> list[str]:
    return [*"abcdeghjklmpqrstuvwyz", *(f"v{number}" for number in range(1, 1000))]
