"""Anti-unification: from copies that are alike to one body, whose numbers are literals, formulas or arguments.

Plotkin 1970, "A Note on Inductive Generalization". A number that is the same in all copies stays; one that another
argument, or the channels that flow in, give by a factor is a formula; what is left is an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.folding.parts import Block, Branch, Part
from archcalc.exchange.folding.skeleton import NUMBERS, SETTINGS, is_residual

if TYPE_CHECKING:
    from collections.abc import Sequence

Values = list[Any]
"""A setting's value in each copy; None where a copy lacks the branch that it stands in."""

WIDTHS = frozenset(("filters", "out_features", "groups", "channels", "start"))
MOST = 16
"""The largest factor of a formula."""

FILTERED = frozenset(("conv", "depthwise_conv", "conv_transpose"))
"""Operations whose stride is 1 where it is left out."""

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

    def body(self) -> list[Part]:
        """Return the body; ``arguments`` and ``defaults`` then hold what the copies give for it."""
        return [self.part([copy[at] for copy in self.copies], "") for at in range(len(self.copies[0]))]

    def part(self, copies: Sequence[Part | None], role: str) -> Part:
        """Return one part for those of all copies."""
        first = next(copy for copy in copies if copy is not None)
        made = Part(first.kind, first.word, {}, -1, 0)
        inflow: Values = [None if copy is None else copy.channels for copy in copies]
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
                role = _role(given[0], place, len(there[0].branches))
                found.append(self.part([None if each is None else each[place] for each in parts], role))
            made.branches.append(Branch(found, when=there[0].branches[at].when))

    def _skip(self, made: Part, copies: Sequence[Part | None], inflow: Values) -> Branch:
        """Return the skip of residuals: the identity, a projection where the shape changes, or none there."""
        kinds = [_kind(copy) for copy in copies]
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
        out = _width_of(made.branches[0].parts, self.blocks)
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
        kind = setting.rstrip("_0123456789")
        partial = len(known) < len(values)
        if all(value == known[0] for value in known):
            alike = [name for name, own in self.arguments.items() if _fits(kind, name) and _equal(values, own)]
            return f"={alike[0]}" if partial and alike and kind == "stride" else known[0]
        numbers = all(isinstance(value, int) and not isinstance(value, bool) for value in known)
        for name, own in self.arguments.items():
            if _equal(values, own) and _fits(kind, name):
                return f"={name}"
        if not numbers:
            return self._argument(setting, values, role)
        found = self._formula(kind, values, inflow)
        return found if found is not None else self._argument(setting, values, role)

    def _formula(self, kind: str, values: Values, inflow: Values) -> str | None:
        if kind == "pad":
            kernels = [name for name in self.arguments if name.startswith("kernel")]
            for name in kernels:
                if _equal(values, [value // 2 if isinstance(value, int) else None for value in self.arguments[name]]):
                    return f"={name} // 2"
        if kind not in WIDTHS and not _is_width(kind):
            return None
        if _equal(values, inflow):
            return "=in_channels"
        for name, own in self.arguments.items():
            if _is_width(name):
                found = _factor(values, own, name)
                if found:
                    return found
        found = _factor(values, inflow, "in_channels")
        if found:
            return found
        found = _factor(values, self.entry, INFLOW) or (f"={INFLOW}" if _equal(values, self.entry) else None)
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


def _role(parts: list[Part], place: int, branches: int) -> str:
    """Return what the width of a branch's convolution is called, as the tables of papers do: c3, r5, proj."""
    if branches < 3:
        return ""
    weighted = [part for part in parts if "filters" in part.settings]
    if parts[place] not in weighted:
        return ""
    kernel = weighted[-1].settings.get("kernel", 1)
    if parts[0].word in ("max_pool", "avg_pool"):
        return "proj"
    side = kernel if isinstance(kernel, int) else "x".join(map(str, kernel))
    return f"{'c' if parts[place] is weighted[-1] else 'r'}{side}"


def _kind(copy: Part | None) -> str:
    """Return whether a residual's skip is a projection (P), the identity (I), or absent (A)."""
    if copy is None:
        return ""
    if copy.node < 0 and copy.branches[1].when:
        return "A"
    return "P" if copy.branches[1].parts else "I"


def _width_of(parts: list[Part], blocks: dict[str, Block]) -> Any:
    """Return what gives the channels that a branch puts out, where one setting does."""
    for part in reversed(parts):
        for name in ("filters", "channels"):
            if name in part.settings:
                return part.settings[name]
        if part.kind == "merge" or part.word in ("concat", "channel_slice"):
            return None
        if part.kind == "call":
            body = blocks[part.word].body
            inner = _width_of(body, blocks)
            if isinstance(inner, str):
                return part.settings.get(inner.removeprefix("="))
            return inner
    return None


def _equal(values: Values, own: Values) -> bool:
    return all(value is None or value == each for value, each in zip(values, own, strict=True))


def _factor(values: Values, own: Values, name: str) -> str | None:
    """Return the formula by which an argument gives all values: so many times it, or so small a part."""
    pairs = [(value, each) for value, each in zip(values, own, strict=True) if value is not None]
    if not all(isinstance(each, int) and each > 0 for _, each in pairs):
        return None
    for times in range(2, MOST + 1):
        if all(value == times * each for value, each in pairs):
            return f"={times}*{name}"
        if all(value * times == each for value, each in pairs):
            return f"={name} // {times}"
    return None


def _is_width(name: str) -> bool:
    bare = name.rstrip("_0123456789")
    return bare in ("filters", "features", "channels", "width", "groups", "c", "r", "proj") or (
        name[:1] in "cr" and name[1:2].isdigit()
    )


def _fits(kind: str, name: str) -> bool:
    """Whether an argument may stand for a setting: widths for widths, steps for steps."""
    if _is_width(kind) or kind in WIDTHS:
        return _is_width(name)
    return name.startswith(kind)


def arguments_of(unifier: Unifier, copy: int) -> dict[str, Any]:
    """Return the arguments of the call that stands for a copy; those that are the default are left out."""
    found = {}
    for name, values in unifier.arguments.items():
        if values[copy] != unifier.defaults[name]:
            found[name] = values[copy]
    return found


__all__ = ["NUMBERS", "Unifier", "arguments_of"]
