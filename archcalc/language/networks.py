"""The networks of a spec file: the file's own, its variants, and those that its name pattern describes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archcalc.errors import Mistake, RequestError, did_you_mean, printable
from archcalc.language.items import MAX_NAME
from archcalc.limits import MAX_NUMBER
from archcalc.record import Record
from archcalc.text import readers
from archcalc.text.source import STANDARD_INPUT
from archcalc.text.tree import NodeError, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archcalc.language.model import Cite, Family, Inputs, Variant
    from archcalc.text.tree import Node


class NetworkSpec(Record):
    """One network of a spec file: the family's layers with its own arguments and words."""

    family: Family
    name: str
    title: str
    year: int | None
    cite: Cite | None
    values: dict[str, Any]
    input: Inputs
    aliases: tuple[str, ...]
    published: tuple[Node, ...]
    expect: tuple[Node, ...]
    """What the file expects, then what the variant does, which goes before."""

    def wrong(self, wrong: NodeError) -> Exception:
        """Return the SpecError for an error at a node of this spec's file."""
        return self.family.source.error([wrong.mistake])


def networks_of(family: Family) -> Iterator[NetworkSpec]:
    """Yield the networks that a file names: its variants, or the file's own network where it has none."""
    if not family.variants:
        yield _own(family, family.name, {})
    for variant in family.variants.values():
        yield _variant(family, variant)


def named(family: Family, name: str) -> NetworkSpec | None:
    """Return the network of a file with a name or alias, called by that name."""
    if not family.variants and name in (family.name, *family.aliases):
        return _own(family, family.name, {}).replace(name=name)
    for variant in family.variants.values():
        if name == variant.name or name in variant.aliases:
            return _variant(family, variant).replace(name=name)
    return None


def by_pattern(family: Family, name: str) -> NetworkSpec | None:
    """Return the network whose arguments are given in a name that follows the file's pattern."""
    values = _match(family, name)
    return None if values is None else _own(family, name, values)


def chosen(family: Family, name: str) -> NetworkSpec:
    """Return the network of a file with a name, alias, or a name by its pattern; raise RequestError if it has none."""
    network = named(family, name) or by_pattern(family, name)
    if network is None:
        names = [spec.name for spec in networks_of(family)]
        file = printable(family.source.file)
        raise RequestError(f"{file} has no network '{printable(name)}' (there are {', '.join(names)})")
    return network


def only_network(family: Family) -> NetworkSpec:
    """Return the network of a file given by its path; raise RequestError if it has several."""
    if not family.variants:
        return _own(family, family.name, {})
    if family.name in family.variants or len(family.variants) == 1:
        return _variant(family, family.variants.get(family.name) or next(iter(family.variants.values())))
    names = ", ".join(family.variants)
    file = family.source.file
    chosen_by = "save it as a file to choose one, as FILE:NAME" if file == STANDARD_INPUT else "add :NAME to choose one"
    raise RequestError(f"{printable(file)} holds several networks ({names}): {chosen_by}")


def input_size(text: str | None) -> tuple[int, ...] | None:
    """Read 224, 224x320 or 3x224x224 (also with commas or ×)."""
    if text is None:
        return None
    parts = re.split(r"\s*[x×,X]\s*", text.strip())
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        raise RequestError(f"input {printable(text)}: write 224, 224x320 (height x width) or 3x224x224")
    sizes = tuple(int(part) for part in parts)
    if not all(1 <= size <= MAX_NUMBER for size in sizes):
        raise RequestError(f"input {printable(text)}: sizes are at least 1")
    return sizes


def input_sizes(text: str | None) -> dict[str, tuple[int, ...]]:
    """Read sizes by the names of inputs, ``left=3x127x127 right=3x255x255``; one alone is under the empty name."""
    parts = [text] if text is not None and "=" not in text else (text or "").split()
    sizes = {}
    for part in parts:
        name, _, size = part.rpartition("=")
        sizes[name] = input_size(size) or ()
    return sizes


def with_values(spec: NetworkSpec, given: Mapping[str, object]) -> NetworkSpec:
    """Return the spec with arguments set by a user: text is read as it would be in the file, numbers are exact."""
    values = dict(spec.values)
    for name, value in given.items():
        if name not in spec.family.arguments:
            known = spec.family.arguments
            listed = f" (there are {', '.join(known)})" if known else "; it has none"
            raise RequestError(f"{spec.name} has no argument '{printable(name)}'{did_you_mean(name, known) or listed}")
        try:
            values[name] = _argument(value)
        except NodeError as wrong:
            raise RequestError(f"{name}={printable(str(value))}: {wrong}") from None
    return spec.replace(values=values)


def _argument(value: object) -> Any:
    """Return the value of an argument: an int, a Fraction, a bool, otherwise text; floats by their digits."""
    if isinstance(value, bool):
        return value
    text = str(value)
    if value.__class__.__name__ in ("Fraction", "float") and text[-1:].isdigit():  # not inf, nor nan
        from fractions import Fraction

        exact = Fraction(text)
        return exact if exact.denominator > 1 else readers.literal(Scalar(str(exact), True, 0, 0))
    return readers.literal(Scalar(text, True, 0, 0))


def _own(family: Family, name: str, values: dict[str, Any]) -> NetworkSpec:
    title = (
        family.title if not values else f"{family.title} ({', '.join(f'{k} {_plain(v)}' for k, v in values.items())})"
    )
    published = () if family.published is None or values else (family.published,)
    expect = () if family.expect is None or values else (family.expect,)
    aliases = family.aliases if not values else ()
    return NetworkSpec(family, name, title, family.year, family.cite, values, family.input, aliases, published, expect)


def _plain(value: Any) -> str:
    if value.__class__ in (int, str, bool):
        return str(value)
    return f"{float(value):g}"


def _variant(family: Family, variant: Variant) -> NetworkSpec:
    cite = variant.cite or family.cite
    year = variant.year or (variant.cite.year if variant.cite else None) or family.year
    return NetworkSpec(
        family,
        variant.name,
        variant.title or f"{family.title}: {variant.name}",
        year,
        cite,
        variant.set,
        variant.input or family.input,
        variant.aliases,
        tuple(node for node in (family.published, variant.published) if node is not None),
        tuple(node for node in (family.expect, variant.expect) if node is not None),
    )


def _match(family: Family, name: str) -> dict[str, Any] | None:
    """Read the arguments out of a name that follows the file's pattern."""
    if family.pattern is None or len(name) > MAX_NAME:
        return None
    fields: list[str] = []
    expression = ""
    for literal, field in re.findall(r"([^{}]*)(?:\{([^{}]*)\})?", family.pattern):
        expression += re.escape(literal)
        if field:
            fields.append(field)
            expression += r"([A-Za-z0-9.]+)"
    match = re.fullmatch(expression, name)
    if match is None:
        return None
    try:
        values = [readers.literal(Scalar(text, True, 0, 0)) for text in match.groups()]
    except NodeError:
        return None
    return dict(zip(fields, values, strict=True))


def place_of(spec: NetworkSpec) -> Mistake:
    """Return the place of a mistake about a spec as a whole: that of its name."""
    variant = spec.family.variants.get(spec.name)
    return Mistake("", variant.node.line if variant else 0, variant.node.column if variant else 0)
