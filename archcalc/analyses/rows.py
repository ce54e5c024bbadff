"""The rows of a layer table: composites folded, and activations and the like named in the row they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from archcalc.engine.names import paths_to

if TYPE_CHECKING:
    from archcalc.engine.layer import Layer
    from archcalc.engine.report import Report
    from archcalc.operations.base import Shape


class Row(NamedTuple):
    """Some layers shown as one: their sums, the first one's input, the last one's output."""

    path: str
    label: str
    layers: tuple[Layer, ...]
    level: int = 0
    heading: bool = False
    """Whether it is only a heading for the rows of a composite."""
    rest: bool = False
    """Whether it stands for all that are not shown."""

    @property
    def main(self) -> Layer | None:
        """The one layer that is not an activation, dropout or normalisation, whose settings the row shows."""
        if len(self.layers) == 1:
            return self.layers[0]
        shown = [layer for layer in self.layers if not layer.operation.shown_inline]
        if not shown and self.layers[0].name == self.path:
            return self.layers[0]
        return shown[0] if len(shown) == 1 else None

    @property
    def attached(self) -> tuple[str, ...]:
        """The words of the layers that are named in the row of another."""
        main = self.main
        if main is not None:
            return tuple(layer.op for layer in self.layers if layer is not main)
        return tuple(layer.op for layer in self.layers if not layer.name.startswith(f"{self.path}/"))

    @property
    def words(self) -> str:
        """The operations in the row, each once."""
        return " ".join(dict.fromkeys(layer.op for layer in self.layers))

    @property
    def input(self) -> Shape:
        """The shape that flows in; for the image, its own."""
        first = self.layers[0]
        return first.inputs[0] if first.inputs else first.output

    @property
    def output(self) -> Shape:
        """The shape that flows out."""
        return self.layers[-1].output

    @property
    def input_bytes(self) -> int:
        """Size of the maps that flow in, each once, for the whole batch; 0 for the image itself."""
        inside = {layer.position for layer in self.layers}
        read: dict[int, int] = {}
        for layer in self.layers:
            for source, shape in zip(layer.node.sources, layer.inputs, strict=False):
                if source not in inside:
                    read[source] = layer.setup.bytes_of(shape.values * layer.times * layer.setup.batch)
        return sum(read.values())

    @property
    def output_bytes(self) -> int:
        """Size of what flows out, for the whole batch."""
        return self.layers[-1].output_bytes

    @property
    def params_bytes(self) -> int:
        """Size of its parameters."""
        return self.layers[0].setup.bytes_of(self.params)

    @property
    def intensity(self) -> float | None:
        """MACs for each byte of input, output and parameters, as if nothing else were moved; None without MACs."""
        return self.macs / (self.input_bytes + self.output_bytes + self.params_bytes) if self.macs else None

    @property
    def params(self) -> int:
        """Parameters of its layers."""
        return sum(layer.params for layer in self.layers)

    @property
    def buffers(self) -> int:
        """Running statistics of its layers."""
        return sum(layer.buffers for layer in self.layers)

    @property
    def macs(self) -> int:
        """MACs of its layers."""
        return sum(layer.macs for layer in self.layers)

    @property
    def memory_bytes(self) -> int:
        """What its layers add to the activation memory."""
        return sum(layer.memory_bytes for layer in self.layers)

    @property
    def in_place(self) -> bool:
        """Whether nothing in it is stored: views and what works in place."""
        return not any(layer.counts.stored for layer in self.layers)

    def of_kind(self, what: str, kind: str) -> int:
        """Return one kind of ``ops`` or ``params``."""
        if what == "ops":
            return sum(layer.ops.get(kind, 0) for layer in self.layers)
        return sum(layer.params_by_kind.get(kind, 0) for layer in self.layers)


class RowSums(NamedTuple):
    """A row as plain values: its name, operations and number of layers, and their sums.

    ``input`` and ``output`` are shapes of one image; MACs and memory are for the whole batch.
    """

    name: str
    op: str
    layers: int
    input: Shape
    output: Shape
    params: int
    macs: int
    memory_bytes: int
    receptive_field: tuple[int, int] | None
    """Of the last layer, (height, width) in pixels; None if unknown."""


def row_sums(report: Report, depth: int = 1) -> list[RowSums]:
    """Return the rows of a report as plain values, without headings."""
    return [sums_of(row) for row in rows(report, depth) if not row.heading]


def sums_of(row: Row) -> RowSums:
    """Return a row as plain values."""
    return RowSums(
        row.path,
        row.words,
        len(row.layers),
        row.input,
        row.output,
        row.params,
        row.macs,
        row.memory_bytes,
        row.layers[-1].receptive_field,
    )


def rows(report: Report, depth: int = 1, *, every: bool = False) -> list[Row]:
    """Return the rows of a report: paths cut after ``depth`` parts, or one for ``every`` primitive layer."""
    if every:
        return [Row(layer.name, layer.name, (layer,)) for layer in report.layers]
    groups: list[tuple[str, list[Layer]]] = []
    mains = _mains(report, depth)
    for layer in report.layers:
        path = _path(layer, depth, mains)
        if groups and (groups[-1][0] == path or _belongs(layer, *groups[-1])):
            groups[-1][1].append(layer)
        else:
            groups.append((path, [layer]))
    return _with_headings([(path, tuple(layers)) for path, layers in groups])


def _mains(report: Report, depth: int) -> dict[str, int]:
    """Count for each path the layers below it with rows of their own."""
    mains: dict[str, int] = {}
    for layer in report.layers:
        if not layer.operation.shown_inline and "/" in layer.name:
            *composites, _ = paths_to(layer.name)
            for path in composites[:depth]:
                mains[path] = mains.get(path, 0) + 1
    return mains


def _path(layer: Layer, depth: int, mains: dict[str, int]) -> str:
    """Cut a layer's path after ``depth`` parts, or where only one main layer is below."""
    if "/" not in layer.name:
        return layer.name
    *composites, own = paths_to(layer.name)
    for path in composites[: depth - 1]:
        if mains.get(path, 0) <= 1:
            return path
    return own if depth > len(composites) else composites[depth - 1]


def _belongs(layer: Layer, path: str, before: list[Layer]) -> bool:
    """Whether a layer is named in the row before it, as an activation of the last layer there."""
    return (
        layer.operation.shown_inline
        and _parent(layer.name) == _parent(path)
        and before[-1].name != "input"
        and layer.node.sources == (before[-1].position,)
    )


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _with_headings(groups: list[tuple[str, tuple[Layer, ...]]]) -> list[Row]:
    """Add a heading before the rows of an unfolded composite, and shorten the names below it."""
    headed: list[Row] = []
    opened: list[str] = []
    for path, layers in groups:
        parents = path.split("/")[:-1]
        common = 0
        while common < len(parents) and opened[common : common + 1] == [parents[common]]:
            common += 1
        for level in range(common, len(parents)):
            headed.append(Row("/".join(parents[: level + 1]), parents[level], layers, level, heading=True))
        opened = parents
        headed.append(Row(path, path.rpartition("/")[2], layers, len(parents)))
    return headed
