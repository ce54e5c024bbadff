"""What the writer of an operation sees: its layer, the blobs that flow in, and the file that it adds to."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from archcalc.export.one_layer import OneLayer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archcalc.engine.network import Node
    from archcalc.export.caffe.prototext import Fields

TITLE = "Caffe"


class Blob(NamedTuple):
    """A blob: its name, and the length of every axis, the batch in front."""

    name: str
    dims: tuple[int, ...]


class Deploy:
    """A deploy file under construction: its layers in order, and what is to be said of them."""

    def __init__(self) -> None:
        self.layers: list[Mapping[str, Fields]] = []
        self.names: set[str] = set()
        self.blobs: set[str] = set()
        self.sliced: dict[str, Blob] = {}
        """The blobs of channel slices that were written with another slice of the same blob, by their layers."""
        self.maps: dict[tuple[int, ...], Blob] = {}
        """The last map of each height and width."""
        self.rounded_down: list[str] = []
        self.without_padding: list[str] = []
        self.newer: dict[str, list[str]] = {}
        """Layer types that Caffe 1.0 lacks, and which layers use them."""

    def fresh(self, name: str) -> str:
        """Return a name that no layer has: this one, or with a number."""
        found, count = name, 1
        while found in self.names:
            count += 1
            found = f"{name}_{count}"
        self.names.add(found)
        return found


class Context(OneLayer[Blob]):
    """One layer. A map is a blob of 1 x C x H x W; what an fc or a flatten makes is one of 1 x C."""

    title = TITLE

    def __init__(
        self, deploy: Deploy, node: Node, inputs: Sequence[Blob], *, alone: bool, slices: Sequence[Node], shared: str
    ) -> None:
        super().__init__(node, inputs)
        self.deploy = deploy
        self.alone = alone
        """Whether nobody else reads the first input, so that it may be overwritten."""
        self.slices = slices
        """All channel slices of the first input."""
        self.shared = shared
        """The name under which weights are shared; empty where they are not."""

    def vector(self, blob: Blob) -> Blob:
        """Return a blob as 1 x C."""
        return blob if len(blob.dims) == 2 else self.add("Flatten", [blob], (1, prod(blob.dims)))

    def add(
        self, kind: str, bottoms: Sequence[Blob], dims: Sequence[int], fields: Mapping[str, Fields] | None = None
    ) -> Blob:
        """Add a layer on the way to the output."""
        return self._layer(f"{self.node.name}/{kind.lower()}", kind, bottoms, dims, fields or {}, weights=0)

    def end(
        self,
        kind: str,
        bottoms: Sequence[Blob],
        dims: Sequence[int],
        fields: Mapping[str, Fields] | None = None,
        *,
        weights: int = 0,
        in_place: bool = False,
    ) -> Blob:
        """Add the layer that has the name of archcalc's, over its input where that may be; it has so many weights."""
        over = in_place and self.alone and bottoms[0].dims == tuple(dims)
        top = bottoms[0].name if over else ""
        return self._layer(self.node.name, kind, bottoms, dims, fields or {}, top=top, weights=weights)

    def more(
        self, suffix: str, kind: str, bottom: Blob, fields: Mapping[str, Fields] | None = None, *, weights: int = 0
    ) -> Blob:
        """Add a layer over what the one before it has made."""
        name = f"{self.node.name}/{suffix}"
        return self._layer(name, kind, [bottom], bottom.dims, fields or {}, top=bottom.name, weights=weights)

    def _layer(
        self,
        name: str,
        kind: str,
        bottoms: Sequence[Blob],
        dims: Sequence[int],
        fields: Mapping[str, Fields],
        *,
        top: str = "",
        weights: int,
    ) -> Blob:
        name = name if name == self.node.name else self.deploy.fresh(name)
        layer: dict[str, Fields] = {"name": name, "type": kind, "bottom": [blob.name for blob in bottoms]}
        layer["top"] = top or name
        if self.shared and weights:
            suffix = name.removeprefix(self.node.name)
            layer["param"] = [{"name": f"{self.shared}{suffix}/{number}"} for number in range(weights)]
        self.deploy.layers.append({**layer, **fields})
        return Blob(top or name, tuple(dims))

    def reshaped(self, blob: Blob, dims: Sequence[int], *, last: bool = False) -> Blob:
        """Give a blob other axes; as the layer's output where that is the last step."""
        return (self.end if last else self.add)("Reshape", [blob], dims, {"reshape_param": {"shape": {"dim": [*dims]}}})

    def part(self, blob: Blob, axis: int, start: int, stop: int) -> Blob:
        """Take part of an axis; what is in front of it and behind it goes nowhere."""
        length = blob.dims[axis]
        points = [point for point in (start, stop) if 0 < point < length]
        if not points:
            return blob
        name = self.deploy.fresh(f"{self.node.name}/slice{axis}")
        tops = [
            f"{name}/{word}" for word in (["front"] if start else []) + ["kept"] + (["behind"] if stop < length else [])
        ]
        rest = [top for top in tops if not top.endswith("/kept")]
        self.deploy.layers += [
            {"name": name, "type": "Slice", "bottom": blob.name, "top": [*tops],
             "slice_param": {"axis": axis, "slice_point": [*points]}},
            {"name": f"{name}/silence", "type": "Silence", "bottom": [*rest]},
        ]  # fmt: skip
        return Blob(f"{name}/kept", (*blob.dims[:axis], stop - start, *blob.dims[axis + 1 :]))

    def newer(self, kind: str) -> str:
        """Return a layer type, and note that Caffe 1.0 lacks it."""
        self.deploy.newer.setdefault(kind, []).append(self.node.name)
        return kind
