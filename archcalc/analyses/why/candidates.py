"""Networks near another one: its family, what its figures were printed for, its namesakes, other input sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.engine.arguments import argument_values, input_shapes
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.language.networks import NetworkSpec

SIZES = (224, 227, 231, 256, 288, 299, 320, 331, 384)
"""Input sizes that are common, and tried where they are near the network's own."""


class Network(NamedTuple):
    """A network that a figure might be of, and how far-fetched that is."""

    penalty: float
    spec: NetworkSpec
    input: tuple[int, ...] | None
    training: bool


def levels(asked: Network) -> Iterator[list[Network]]:
    """Yield networks that a figure might be of, the less far-fetched first."""
    yield [asked, asked._replace(penalty=2, training=not asked.training)]
    near = [asked._replace(penalty=_penalty(asked.spec, spec), spec=spec) for spec in _variants(asked.spec)]
    near += [asked._replace(penalty=2, spec=spec) for spec in _settings(asked.spec)]
    yield near
    yield [asked._replace(penalty=3, spec=spec) for spec in _relatives(asked.spec) if _alike(asked.spec, spec)]
    if asked.input is None:
        for network in (asked, *near):
            yield [network._replace(penalty=network.penalty + 3, input=(size,)) for size in _sizes(network.spec)]


def _penalty(spec: NetworkSpec, variant: NetworkSpec) -> float:
    """Return how far-fetched a variant is: more so the more arguments it sets otherwise."""
    names = {**spec.values, **variant.values}
    changed = [name for name in names if spec.values.get(name) != variant.values.get(name)]
    return 1 + 0.5 * max(1, len(changed))


def _alike(spec: NetworkSpec, other: NetworkSpec) -> bool:
    """Whether two networks see images of about the same size."""
    own, theirs = (_height(each) for each in (spec, other))
    return own <= 2 * theirs <= 4 * own


def _height(spec: NetworkSpec) -> int:
    """Return the rows of the images that a network sees; 0 where an argument has no value."""
    try:
        return next(iter(input_shapes(spec, argument_values(spec), None).values())).height
    except NodeError:
        return 0


def _variants(spec: NetworkSpec) -> list[NetworkSpec]:
    from archcalc.language.networks import networks_of

    return [each for each in networks_of(spec.family) if each.values != spec.values or each.input is not spec.input]


def _settings(spec: NetworkSpec) -> Iterator[NetworkSpec]:
    """Yield the spec with the arguments that figures of its own were printed for."""
    from archcalc.language.networks import with_values
    from archcalc.published.figures import figures

    known: list[dict[str, str]] = [{}]
    for figure in figures(spec):
        if figure.set not in known:
            known.append(figure.set)
            yield with_values(spec, figure.set)


def _relatives(spec: NetworkSpec) -> Iterator[NetworkSpec]:
    """Yield the networks of archcalc's own spec files that are called after the same network."""
    import os

    from archcalc.language.family import read_family
    from archcalc.language.networks import networks_of
    from archcalc.text.source import read_file
    from archcalc.zoo import spec_files

    own = spec_files()
    if spec.family.source.file not in own:
        return
    stem = spec.family.name.split("-")[0]
    for path in own:
        name = os.path.basename(path).removesuffix(".yaml")
        if (name == stem or name.startswith(f"{stem}-")) and path != spec.family.source.file:
            yield from networks_of(read_family(read_file(path)))


def _sizes(spec: NetworkSpec) -> Iterator[int]:
    own = _height(spec)
    yield from (size for size in SIZES if size != own and own <= 2 * size <= 4 * own)
