"""The very models of libraries: which network of the zoo ``torchvision:resnet50`` or ``keras:ResNet50`` is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.record import Record
from archcalc.text import readers
from archcalc.text.tree import Mapping, Node, NodeError, Scalar, read_tree

if TYPE_CHECKING:
    from archcalc.text.source import Source


class LibraryModel(Record):
    """A model of a library: the zoo's network that it is, with other arguments or another input where they differ."""

    network: str
    set: dict[str, Any] = {}  # noqa: RUF012 - never changed
    input: tuple[int, ...] | None = None
    title: str | None = None


_sizes = readers.list_of(readers.whole(1))


def read_libraries(source: Source) -> dict[str, dict[str, LibraryModel]]:
    """Read the models of each library by their names there; raise SpecError if the file is invalid."""
    try:
        libraries = _mapping(read_tree(source))
        return {
            library: {name: _read_model(node) for name, node in _mapping(models).items()}
            for library, models in libraries.items()
        }
    except NodeError as error:
        raise source.error([error.mistake]) from None


def _mapping(node: Node) -> dict[str, Node]:
    if not isinstance(node, Mapping):
        raise NodeError(node, f"expected a mapping, got {readers.shown(node)}")
    return dict(zip((key.value for key in node.keys), node.values, strict=True))


def _read_model(node: Node) -> LibraryModel:
    if isinstance(node, Scalar):
        return LibraryModel(readers.text(node))
    given = _mapping(node)
    values = {name: readers.argument(value) for name, value in _mapping(given["set"]).items()} if "set" in given else {}
    return LibraryModel(
        readers.text(given["network"]),
        values,
        _read_input(given["input"]) if "input" in given else None,
        readers.text(given["title"]) if "title" in given else None,
    )


def _read_input(node: Node) -> tuple[int, ...]:
    return (readers.whole(1)(node),) if isinstance(node, Scalar) else _sizes(node)
