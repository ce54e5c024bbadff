"""What a closed form is in: variables, and what they set (``n4``, ``input=32*n``, ``filters=8*k``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.variants import check_name, names_to_vary
from archcalc.engine.arguments import argument_values
from archcalc.errors import RequestError, printable
from archcalc.language.formula import RESERVED, Formula, Scope
from archcalc.operations.base import Shape
from archcalc.text.tree import NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archcalc.language.networks import NetworkSpec

MAX_VARIABLES = 6

_NOWHERE = Shape(0, 0, 0)


class Setting(NamedTuple):
    """Something that varies, and the formula that it follows; ``text`` is the formula as typed."""

    name: str
    text: str
    formula: Formula | None
    """None where the name is itself the variable."""

    def __str__(self) -> str:
        """Write it as it can be typed after --in."""
        return self.name if self.formula is None else f"{self.name}={self.text}"


class Variables(NamedTuple):
    """The variables of a closed form, and what they set."""

    names: tuple[str, ...]
    settings: tuple[Setting, ...]

    def values_at(self, point: Sequence[int]) -> dict[str, Any]:
        """Return what everything that varies is at a point; raise RequestError where a formula has no value."""
        scope = Scope(dict(zip(self.names, point, strict=True)), _NOWHERE)
        values = {}
        for setting in self.settings:
            if setting.formula is None:
                values[setting.name] = scope.values[setting.name]
                continue
            try:
                values[setting.name] = setting.formula.evaluate(scope)
            except NodeError as error:
                raise RequestError(f"--in {setting}: {error}") from None
        return values

    def plain(self, variable: str) -> bool:
        """Whether a variable is itself an argument or a size, which no formula uses."""
        return [setting.name for setting in self.settings if self._uses(setting, variable)] == [variable]

    @staticmethod
    def _uses(setting: Setting, variable: str) -> bool:
        return setting.name == variable if setting.formula is None else variable in setting.formula.names


def read_variables(spec: NetworkSpec, texts: Iterable[str]) -> Variables:
    """Read ``NAME`` and ``NAME=EXPR``, several with commas; raise RequestError for what cannot vary.

    The names in an expression that are no functions are variables, in the order in which they are typed.
    """
    settings: list[Setting] = []
    names: dict[str, None] = {}
    for text in texts:
        for part in _parts(text):
            setting, own = _setting(spec, part)
            if setting.name in [other.name for other in settings]:
                raise RequestError(f"--in {printable(part)}: {setting.name} is given twice")
            settings.append(setting)
            names.update(dict.fromkeys(own))
    _refuse_overlaps(spec, settings)
    if not names:
        raise RequestError("--in needs a variable, such as --in n or --in input=32*n")
    if len(names) > MAX_VARIABLES:
        raise RequestError(f"--in: {len(names)} variables; at most {MAX_VARIABLES} are allowed")
    return Variables(tuple(names), tuple(settings))


def _parts(text: str) -> Iterator[str]:
    """Split at commas, but for those in parentheses."""
    depth, start = 0, 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth <= 0:
            yield text[start:place].strip()
            start = place + 1
    yield text[start:].strip()


def _setting(spec: NetworkSpec, text: str) -> tuple[Setting, list[str]]:
    """Read one setting, and the variables in it."""
    name, equals, expression = (part.strip() for part in text.partition("="))
    if not name or (equals and not expression):
        raise RequestError(f"--in {printable(text)}: write --in NAME or --in NAME=EXPR, such as input=32*n")
    check_name(spec, name)
    _refuse_words(spec, name)
    if not equals:
        return Setting(name, name, None), [name]
    words = re.findall(r"(?<![A-Za-z_0-9.'\"])[A-Za-z_][A-Za-z_0-9]*", expression)
    variables = [word for word in dict.fromkeys(words) if word not in RESERVED]
    run_on = re.search(r"(?<![A-Za-z_0-9.])([0-9.]+)([A-Za-z_]\w*)", expression)
    if run_on is not None:
        raise RequestError(f"--in {printable(text)}: write products with *, {run_on[1]}*{run_on[2]}")
    try:
        formula = Formula(Scalar(f"={expression}", True, 0, 0), variables)
    except NodeError as error:
        raise RequestError(f"--in {printable(text)}: {printable(str(error))}") from None
    if not variables:
        raise RequestError(f"--in {printable(text)}: no variable; a fixed value goes into --set, --input or --batch")
    if expression == name:
        return Setting(name, name, None), [name]
    return Setting(name, expression, formula), variables


def _refuse_words(spec: NetworkSpec, name: str) -> None:
    """Raise RequestError for an argument that is a word, true or false in the network: no formula can be in it."""
    try:
        own = argument_values(spec).get(name)
    except NodeError:  # another argument has no value as yet
        own = spec.values.get(name)
    if own.__class__ is bool or isinstance(own, str):
        shown = str(own).lower() if own.__class__ is bool else own
        raise RequestError(f"--in {name}: {name} is {shown} in {spec.name}; a formula can only vary numbers")


def _refuse_overlaps(spec: NetworkSpec, settings: Sequence[Setting]) -> None:
    """Raise RequestError where a variable would mean two things, or a side of the input is given twice."""
    given = {setting.name for setting in settings}
    if {"input", "input_height", "input_width"} <= given & set(names_to_vary(spec)):
        raise RequestError("--in: input is height and width together; give those or input, not all three")
    for setting in settings:
        for word in setting.formula.names if setting.formula is not None else ():
            other = next((each for each in settings if each.name == word and each is not setting), None)
            if other is not None and other.formula is not None:
                raise RequestError(f"--in: {word} is a variable in '{setting}', but set by '{other}'")
