"""Networks that a figure might be of: the one that is asked about, then what people do to it, then its relatives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.why.classifier import classes_of, with_classes, without_classifier
from archcalc.analyses.why.usual import usual
from archcalc.engine.arguments import argument_values, input_shapes
from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import ArchcalcError
from archcalc.text.tree import NodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.network import Network
    from archcalc.engine.report import Report
    from archcalc.language.networks import NetworkSpec

NAMESAKE, HEADS, SETTINGS, COMMON_CLASSES, OTHER_CLASSES, TWICE_THE_SIZE, COMMON_SIZE, OTHER_SIZE, MEMBER, RELATIVE = (
    0.5, 0.9, 1.0, 0.8, 1.6, 1.2, 1.5, 2.8, 2.0, 3.0,
)  # fmt: skip
"""How far-fetched it is that a figure is of another definition of the network, of the network with its heads for
training, with arguments that figures were printed for, with another number of classes, at another size, of another
member of its family, or of another network called alike."""

NO_CLASSIFIER = 0
"""Number of classes of a network without its classifier."""


class Candidate(NamedTuple):
    """A network that a figure might be of, and how far-fetched that is."""

    penalty: float
    spec: NetworkSpec
    input: tuple[int, ...] | None
    training: bool
    classes: int | None = None
    """Another number of classes than the spec has; 0 for none, the network without its classifier."""

    def report(self, batch: int = 1) -> Report:
        """Count the network; raise ArchcalcError where it does not fit, or has no classifier to change."""
        network: Network | None = expand(self.spec, self.input)
        if self.classes is not None:
            network = _with_classes(network, self.classes)  # type: ignore[arg-type]
        if network is None:
            raise ArchcalcError(f"{self.spec.name} has no classifier to change")
        return count(network, setup(batch), training=self.training)


def _with_classes(network: Network, classes: int) -> Network | None:
    if classes == NO_CLASSIFIER:
        return without_classifier(network)
    return None if classes == classes_of(network) else with_classes(network, classes)


def candidates(start: Candidate) -> list[Candidate]:
    """Return the networks that a figure might be of, the least far-fetched first."""
    specs = [start, *_others(start)]
    tried = list(specs)
    for candidate in specs:
        if candidate.penalty >= RELATIVE:
            continue
        further = candidate.penalty + (0.5 if candidate.penalty >= MEMBER else 0)
        tried.append(candidate._replace(penalty=further + HEADS, training=not start.training))
        tried += (candidate._replace(penalty=further + more, classes=classes) for more, classes in _classes(candidate))
        if start.input is None:
            tried += (candidate._replace(penalty=further + more, input=(size,)) for more, size in _sizes(candidate))
    return sorted(tried, key=lambda candidate: candidate.penalty)


def _classes(candidate: Candidate) -> Iterator[tuple[float, int]]:
    """Yield no classifier, and numbers of classes; those that are less common for the network itself alone."""
    yield COMMON_CLASSES, NO_CLASSIFIER
    yield from ((COMMON_CLASSES, classes) for classes in usual().common_classes)
    if candidate.penalty == 0:
        yield from ((OTHER_CLASSES, classes) for classes in usual().other_classes)


def _sizes(candidate: Candidate) -> Iterator[tuple[float, int]]:
    """Yield twice and half the network's own size, and sizes that are common; those that are far off do not count."""
    height = _height(candidate.spec)
    common = {2 * height, *usual().common_sizes}
    for size in sorted({*common, height // 2, *usual().other_sizes}):
        if size != height and height <= 4 * size <= 16 * height:
            yield TWICE_THE_SIZE if size == 2 * height else COMMON_SIZE if size in common else OTHER_SIZE, size


def _others(start: Candidate) -> Iterator[Candidate]:
    """Yield other networks: with settings of printed figures, of the family, called alike, and models of libraries."""
    for spec in _settings(start.spec):
        yield start._replace(penalty=SETTINGS, spec=spec)
    for spec in family(start.spec):
        near = is_namesake(start.spec, spec)
        yield start._replace(penalty=NAMESAKE if near else MEMBER + 0.2 * _changes(start.spec, spec), spec=spec)
    for spec in _relatives(start.spec):
        if _alike(start.spec, spec):
            yield start._replace(penalty=NAMESAKE if is_namesake(start.spec, spec) else RELATIVE, spec=spec)
    known = [start.spec, *family(start.spec)]
    for spec in _models(start.spec):
        if not any(_same(spec, other) for other in known):
            known.append(spec)
            near = spec.values == start.spec.values or _letters(spec.name) in _all_letters(start.spec)
            yield start._replace(penalty=NAMESAKE if near else MEMBER, spec=spec)


def family(spec: NetworkSpec) -> list[NetworkSpec]:
    """Return the other networks of a spec's family."""
    from archcalc.language.networks import networks_of

    return [other for other in networks_of(spec.family) if other.values != spec.values or other.input is not spec.input]


def is_namesake(spec: NetworkSpec, other: NetworkSpec) -> bool:
    """Whether two specs define one network, by their names: resnet50 and resnet50-v1.5, vgg16 and vgg16-torchvision.

    A further number, or a version of a name that has no number yet, is another network: mobilenet-v2 and
    mobilenet-v2-1.4, mobilenet and mobilenet-v3-large.
    """
    first, second = ([_squeezed(name) for name in (defined.name, *defined.aliases)] for defined in (spec, other))
    return any(_continues(one, two) or _continues(two, one) for one in first for two in second)


def _squeezed(name: str) -> str:
    return name.rpartition(":")[2].lower().replace("_", "-")


def _continues(name: str, longer: str) -> bool:
    if name == longer or not longer.startswith(f"{name}-"):
        return name == longer
    further = longer[len(name) + 1 :]
    version = re.match(r"v[0-9]", further) is not None and re.search(r"[0-9]", name) is None
    return not further[:1].isdigit() and not version


def _changes(spec: NetworkSpec, other: NetworkSpec) -> int:
    """Return how many arguments two members of a family set differently, at most four."""
    names = {**spec.values, **other.values}
    return min(4, len([name for name in names if spec.values.get(name) != other.values.get(name)]))


def _alike(spec: NetworkSpec, other: NetworkSpec) -> bool:
    """Whether two networks see images of about the same size."""
    height, other_height = _height(spec), _height(other)
    return height <= 2 * other_height <= 4 * height


def _height(spec: NetworkSpec) -> int:
    """Return the rows of the images that a network sees; 0 where an argument has no value."""
    try:
        return next(iter(input_shapes(spec, argument_values(spec), None).values())).height
    except NodeError:
        return 0


def _models(spec: NetworkSpec) -> Iterator[NetworkSpec]:
    """Yield the models of libraries that are called like a network of the zoo, or are one with other arguments."""
    from archcalc.zoo import find, library_models, spec_files

    if spec.family.source.file not in spec_files():
        return
    names, letters = (spec.name, *spec.aliases), _all_letters(spec)
    for library, models in library_models().items():
        for name, model in models.items():
            if _letters(name) in letters or model.network in names:
                yield find(f"{library}:{name}")


def _all_letters(spec: NetworkSpec) -> set[str]:
    return {_letters(name) for name in (spec.name, *spec.aliases)}


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", _squeezed(name))


def _same(spec: NetworkSpec, other: NetworkSpec) -> bool:
    return (
        spec.family.source.file == other.family.source.file
        and spec.values == other.values
        and _height(spec) == _height(other)
    )


def _settings(spec: NetworkSpec) -> Iterator[NetworkSpec]:
    """Yield the spec with the arguments that figures of its own were printed for, or agree under."""
    from archcalc.language.networks import with_values
    from archcalc.published.figures import figures

    known: list[dict[str, Any]] = [{}]
    for figure in figures(spec):
        under = {} if figure.under is None else figure.under.options.get("set", {})
        for values in (figure.set, {**figure.set, **under}):
            if values not in known:
                known.append(values)
                yield with_values(spec, values)


def _relatives(spec: NetworkSpec) -> Iterator[NetworkSpec]:
    """Yield the networks of archcalc's own other files that are called after the same network."""
    import os

    from archcalc.language.family import read_family
    from archcalc.language.networks import networks_of
    from archcalc.text.source import read_file
    from archcalc.zoo import spec_files

    files = spec_files()
    if spec.family.source.file not in files:
        return
    stem = re.split(r"[-_]", spec.family.name)[0]
    for path in files:
        name = os.path.basename(path).removesuffix(".yaml")
        if (name == stem or name.startswith(f"{stem}-")) and path != spec.family.source.file:
            yield from networks_of(read_family(read_file(path)))
