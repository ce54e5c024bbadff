"""The parts of a source, made from a trace: one for each block, with parameters for what its calls differ in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archcalc.errors import RequestError
from archcalc.export.sources.naming import snake
from archcalc.export.sources.parts import Part
from archcalc.export.sources.scope import Scope, VariesError

if TYPE_CHECKING:
    from collections.abc import Hashable

    from archcalc.export.sources.backend import Backend
    from archcalc.export.sources.trace import Call, Trace
    from archcalc.language.model import Block


class RestartError(Exception):
    """A choice that turned out wrong; with another one noted, the parts are made again."""


class Builder:
    """Makes parts; a block that cannot be one part for all calls is made for each set of arguments, or written out.

    Each such choice is noted and everything is made again, so a source never holds a part that nothing uses.
    """

    def __init__(self, trace: Trace, backend: Backend) -> None:
        self.trace = trace
        self.backend = backend
        self.special: set[Hashable] = set()
        self.inlined: set[Hashable] = set()
        self.unrolled: set[int] = set()
        self.parts: dict[Hashable, Part] = {}
        self.finished: list[Part] = []
        self.training: list[str] = []
        self.taken: set[str] = set()
        blocks = trace.network.spec.family.blocks
        self.arguments = {name for block in blocks.values() for name in block.arguments}
        self.words = {snake(name) for name in blocks}

    def program(self) -> list[Part]:
        """Return the parts, each after those that it uses; the network itself is the last."""
        while True:
            self.parts, self.finished, self.training, self.taken = {}, [], [], set()
            for call in self._all_calls():
                call.extras, call.outer, call.part = {}, {}, None
            self.backend.begin()
            try:
                self.part(("",), [self.trace.top])
            except RestartError:
                continue
            return self.finished

    def _all_calls(self) -> list[Call]:
        """Return the calls of the network, the network itself first."""
        if not hasattr(self, "_calls"):
            from archcalc.export.sources.walk import calls_in

            self._calls = [self.trace.top, *calls_in(self.trace.top)]
        return self._calls

    def key(self, call: Call) -> Hashable:
        """Return what the calls of one part have in common."""
        if call.key in self.special:
            given = tuple((name, value) for name, value in call.values.items())
            return (call.key, repr(given), call.shape)
        return (call.key,)

    def part_of(self, calls: list[Call]) -> Part:
        """Return the part that calls are of; raise VariesError if they are of several."""
        keys = {self.key(call) for call in calls}
        if len(keys) > 1:
            raise VariesError("block")
        key = keys.pop()
        if key not in self.parts:
            return self.part(key, [call for call in self._all_calls()[1:] if self.key(call) == key])
        part = self.parts[key]
        if part.result is None:  # it calls itself: one part for each set of arguments
            self.special.add(calls[0].key)
            raise RestartError
        return part

    def part(self, key: Hashable, calls: list[Call]) -> Part:
        """Make a part of its calls."""
        from archcalc.export.sources.items import PartBuilder

        word = calls[0].word
        part = self.parts[key] = Part(word, calls, special=calls[0].key in self.special)
        part.name = self._name(part)
        for call in calls:
            call.part = part
        scope = Scope(part, self.arguments_of(calls[0]), self.words)
        try:
            PartBuilder(self, part, scope).build()
        except VariesError:
            if not word or calls[0].key in self.special:
                self.inline(calls[0].key)
            self.special.add(calls[0].key)
            raise RestartError from None
        part.arguments = scope.arguments
        self._find_parameters(part, scope)
        self.finished.append(part)
        return part

    def inline(self, key: Hashable) -> None:
        """Note that a block is written out where it is called, and begin again."""
        if key in self.inlined or key == "":
            raise self._refuse()
        self.inlined.add(key)
        raise RestartError

    def _refuse(self) -> RequestError:
        return RequestError(
            f"{self.trace.network.spec.name}: its layers share or read one another as no source can say"
        )

    def unroll(self, item: Any) -> None:
        """Note that a repetition is written out, and begin again."""
        if id(item) in self.unrolled:
            raise self._refuse()
        self.unrolled.add(id(item))
        raise RestartError

    def block(self, call: Call) -> Block | None:
        """Return the block that a call is of, or None for the network itself and for what has no block."""
        return self.trace.network.spec.family.blocks.get(call.key) if isinstance(call.key, str) else None

    def arguments_of(self, call: Call) -> tuple[str, ...]:
        """Return the arguments that formulas of a call see beside the file's."""
        if isinstance(call.key, str):
            block = self.block(call)
            return tuple(block.arguments) if block is not None else ()
        assert call.parent is not None
        return (*self.arguments_of(call.parent), *(("index",) if "index" in call.values else ()))

    def _find_parameters(self, part: Part, scope: Scope) -> None:
        """Let a part have the parameters that its text uses: channels first, then arguments in the spec's order."""
        from archcalc.export.sources.expressions import literal
        from archcalc.export.sources.scope import safe
        from archcalc.language.formula import is_formula
        from archcalc.text import readers

        text = "\n".join(self.backend.words_of(part))
        used = set(re.findall(r"(?<![\w.\"'])[A-Za-z_]\w*\b(?!=[^=])", text))
        extras = dict.fromkeys(name for call in part.calls for name in call.extras)
        block = self.block(part.calls[0])
        found: dict[str, Any] = {}
        for name in ("in_channels", *scope.arguments, *extras):
            if safe(name) not in used:
                continue
            node = block.arguments[name].written if block is not None and name in block.arguments else None
            found[name] = None if node is None or is_formula(node) else literal(readers.argument(node))
        required = {name: each for name, each in found.items() if each is None}
        part.parameters = {**required, **{name: each for name, each in found.items() if each is not None}}

    def _name(self, part: Part) -> str:
        wanted = self.backend.part_name(part)
        name, number = wanted, 1
        while name in self.taken or name in self.backend.reserved or name in self.arguments:
            number += 1
            name = f"{wanted}{number}"
        self.taken.add(name)
        return name
