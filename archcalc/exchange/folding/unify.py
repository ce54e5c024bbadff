"""Anti-unification: from copies that are alike to one body, whose numbers are literals, formulas or arguments.

Plotkin 1970, "A Note on Inductive Generalization". A number that is the same in all copies stays; one that another
argument, or the channels that flow in, give by a factor is a formula; what is left is an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.folding.formulas import WIDTHS, Values, equal, factor, fits, is_width
from archcalc.exchange.folding.parts import Block, Branch, Part, Ref, every
from archcalc.exchange.folding.roles import kind_of, role_of, width_of
from archcalc.exchange.folding.skeleton import NUMBERS, SETTINGS, is_residual

if TYPE_CHECKING:
    from collections.abc import Sequence


FILTERED = frozenset(("conv", "depthwise_conv", "conv_transpose"))
"""Operations whose stride is 1 where it is left out."""

SKIP = "skip"
"""What an argument is called that names a layer."""

LABEL = "part"
"""What an item of a block is called that another one reads, with its number."""

INFLOW = "inputs"
"""The argument that keeps how many channels flow into a block."""


class Unifier:
    """Makes one block of several copies."""

    def __init__(self, copies: Sequence[Sequence[Part]], blocks: dict[str, Block]) -> None:
        self.copies = copies
        self.blocks = blocks
        self.arguments: dict[str, Values] = {}
        self.defaults: dict[str, Any] = {}
        self.entry: Values = [copy[0].channels for copy in copies]
        self.failed = False
        self._places: list[dict[int, int]] = []
        self._numbers: dict[int, int] = {}
        self._made: dict[int, Part] = {}
        self._read: set[int] = set()

    def body(self) -> list[Part]:
        """Return the body; ``arguments`` and ``defaults`` then hold what the copies give for it."""
        everything = [every(list(copy)) for copy in self.copies]
        self._places = [{part.last: at for at, part in enumerate(parts)} for parts in everything]
        self._numbers = {id(part): at for parts in everything for at, part in enumerate(parts)}
        found = [self.part([copy[at] for copy in self.copies], "", at == 0) for at in range(len(self.copies[0]))]
        for at in self._read:
            self._made[at].label = f"{LABEL}{at + 1}"
        return found

    def part(self, copies: Sequence[Part | None], role: str, first_of_all: bool = False) -> Part:
        """Return one part for those of all copies."""
        first = next(copy for copy in copies if copy is not None)
        made = Part(first.kind, first.word, {}, -1, 0)
        self._made[self._numbers[id(first)]] = made
        inflow: Values = [None if copy is None else copy.channels for copy in copies]
        if not first_of_all:
            made.source = self._source([None if copy is None else copy.source for copy in copies])
        if first.kind == "merge":
            self._branches(made, copies, inflow)
        names = dict.fromkeys(name for copy in copies if copy is not None for name in copy.settings)
        for name in names:
            default = self.blocks[first.word].arguments.get(name) if first.kind == "call" else SETTINGS.get(name)
            values: Values = [None if copy is None else copy.settings.get(name, default) for copy in copies]
            made.settings[name] = self.value(name, values, inflow, role)
            if first.word in FILTERED and made.settings[name] == SETTINGS.get(name) and name != "kernel":
                del made.settings[name]
        return made

    def _branches(self, made: Part, copies: Sequence[Part | None], inflow: Values) -> None:
        there = [copy for copy in copies if copy is not None]
        for at in range(len(there[0].branches)):
            parts = [None if copy is None else copy.branches[at].parts for copy in copies]
            if at == 1 and is_residual(there[0]):
                made.branches.append(self._skip(made, copies, inflow))
                continue
            given = [each for each in parts if each is not None]
            found = []
            for place in range(len(given[0])):
                role = role_of(given[0], place, len(there[0].branches))
                found.append(self.part([None if each is None else each[place] for each in parts], role))
            source = self._source([None if copy is None else copy.branches[at].source for copy in copies])
            made.branches.append(Branch(found, source, there[0].branches[at].when))

    def _source(self, sources: Values) -> int | str:
        """Return where parts begin: behind the item before (-1), at a name inside the block, or at an argument."""
        known = [source for source in sources if source is not None]
        if all(source == -1 for source in known):
            return -1
        if any(source == -1 for source in known):
            self.failed = True
            return -1
        return str(self._reference([None if source is None else Ref(source) for source in sources]))

    def _reference(self, values: Values) -> str:
        """Return what names layers that copies read: an item of the block, or an argument."""
        inside = {
            places.get(value.node, -1) for value, places in zip(values, self._places, strict=True) if value is not None
        }
        if inside == {-1}:
            alike = next((name for name, own in self.arguments.items() if equal(values, own)), None)
            return f"={alike}" if alike else self._argument(SKIP, values, "")
        (place, *others) = inside
        if others or place == -1:
            self.failed = True
            return ""
        self._read.add(place)
        return f"{LABEL}{place + 1}"

    def _skip(self, made: Part, copies: Sequence[Part | None], inflow: Values) -> Branch:
        """Return the skip of residuals: the identity, a projection where the shape changes, or none there."""
        kinds = [kind_of(copy) for copy in copies]
        projected = [
            copy.branches[1].parts if copy and kind == "P" else None for copy, kind in zip(copies, kinds, strict=True)
        ]
        shapes = {tuple(part.skeleton for part in parts) for parts in projected if parts}
        if len(shapes) > 1 or {"P", "A"} <= set(kinds):
            self.failed = True
            return Branch([])
        length = len(next(iter(shapes))) if shapes else 0
        body = [
            self.part([None if parts is None else parts[at] for parts in projected], "skip") for at in range(length)
        ]
        if set(kinds) <= {"A", ""}:
            self.failed = True
        if len(set(kinds) - {""}) == 1:
            return Branch(body)
        out = width_of(made.branches[0].parts, self.blocks)
        change = [None if kind == "" else kind != "I" for kind in kinds]
        condition = self._condition(change, inflow, out)
        if condition is None:
            self.failed = True
            return Branch([])
        changes, keeps = condition
        if shapes:
            branch = Branch(body, when="")
            for part in body:
                part.repeat = ("when", changes)
            return branch
        return Branch([], when=keeps)

    def _condition(self, change: Values, inflow: Values, out: Any) -> tuple[str, str] | None:
        """Return the formulas that say in which copies the shape changes, and in which it stays."""
        strides = [name for name in self.arguments if name.startswith("stride")]
        widths = self._evaluated(out)
        differs: list[tuple[list[bool | None], str, str]] = []
        shown = str(out).removeprefix("=") if out is not None else ""
        if widths is not None:
            apart = [None if a is None else a != b for a, b in zip(inflow, widths, strict=True)]
            differs.append((apart, f"in_channels != {shown}", f"in_channels == {shown}"))
        for name in strides:
            steps = [None if value is None else value != 1 for value in self.arguments[name]]
            differs.append((steps, f"{name} != 1", f"{name} == 1"))
            if widths is not None:
                both = [None if a is None else a or b for a, b in zip(steps, apart, strict=True)]
                differs.append((both, f"{name} != 1 or in_channels != {shown}",
                                f"{name} == 1 and in_channels == {shown}"))  # fmt: skip
        for said, changes, keeps in differs:
            if all(own is None or own == each for own, each in zip(change, said, strict=True)):
                return f"={changes}", f"={keeps}"
        return None

    def _evaluated(self, formula: Any) -> Values | None:
        """Return the values of a formula of one argument, or of a number, in all copies."""
        if isinstance(formula, int):
            return [formula] * len(self.copies)
        if not isinstance(formula, str):
            return None
        bare = formula.removeprefix("=")
        if bare in self.arguments:
            return self.arguments[bare]
        factor, _, name = bare.partition("*")
        if factor.isdigit() and name in self.arguments:
            return [None if value is None else int(factor) * value for value in self.arguments[name]]
        return None

    def value(self, setting: str, values: Values, inflow: Values, role: str) -> Any:
        """Return a literal, a formula, or the argument that gives these values."""
        known = [value for value in values if value is not None]
        if any(isinstance(value, Ref) for value in known):
            return self._reference(values)
        if any(isinstance(value, dict) for value in known):
            return self._sides(setting, values, inflow, role)
        kind = setting.rstrip("_0123456789")
        partial = len(known) < len(values)
        if all(value == known[0] for value in known):
            alike = [name for name, own in self.arguments.items() if fits(kind, name) and equal(values, own)]
            return f"={alike[0]}" if partial and alike and kind == "stride" else known[0]
        numbers = all(isinstance(value, int) and not isinstance(value, bool) for value in known)
        for name, own in self.arguments.items():
            if equal(values, own) and fits(kind, name):
                return f"={name}"
        if not numbers:
            return self._argument(setting, values, role)
        found = self._formula(kind, values, inflow)
        return found if found is not None else self._argument(setting, values, role)

    def _sides(self, setting: str, values: Values, inflow: Values, role: str) -> Any:
        """Return a mapping, such as padding by sides, each of its values by itself."""
        known = [value for value in values if value is not None]
        if any(not isinstance(value, dict) or list(value) != list(known[0]) for value in known):
            self.failed = True
            return known[0]
        return {
            side: self.value(f"{setting}_{side}", [None if v is None else v[side] for v in values], inflow, role)
            for side in known[0]
        }

    def _formula(self, kind: str, values: Values, inflow: Values) -> str | None:
        if kind == "pad":
            kernels = [name for name in self.arguments if name.startswith("kernel")]
            for name in kernels:
                if equal(values, [value // 2 if isinstance(value, int) else None for value in self.arguments[name]]):
                    return f"={name} // 2"
        if kind not in WIDTHS and not is_width(kind):
            return None
        if equal(values, inflow):
            return "=in_channels"
        for name, own in self.arguments.items():
            if is_width(name):
                found = factor(values, own, name)
                if found:
                    return found
        found = factor(values, inflow, "in_channels")
        if found:
            return found
        found = factor(values, self.entry, INFLOW) or (f"={INFLOW}" if equal(values, self.entry) else None)
        if found and INFLOW not in self.arguments:
            self.defaults[INFLOW] = "=in_channels"
        return found

    def _argument(self, setting: str, values: Values, role: str) -> str:
        base = role if setting in ("filters", "out_features") and role not in ("", "skip") else setting
        base = base.rstrip("_0123456789") if base == setting else base
        setting = setting.rstrip("_0123456789")
        base = {"out_features": "features"}.get(base, base)
        name, number = base, 1
        while name in self.arguments or name in self.defaults:
            number += 1
            name = f"{base}_{number}"
        plain = SETTINGS.get(setting)
        known = [value for value in values if value is not None]
        fill = plain if plain is not None else known[0]
        self.arguments[name] = [fill if value is None else value for value in values]
        self.defaults[name] = plain if plain in known else None
        return f"={name}"


def arguments_of(unifier: Unifier, copy: int) -> dict[str, Any]:
    """Return the arguments of the call that stands for a copy; those that are the default are left out."""
    found = {}
    for name, values in unifier.arguments.items():
        if values[copy] != unifier.defaults[name]:
            found[name] = values[copy]
    return found


__all__ = ["NUMBERS", "Unifier", "arguments_of"]
