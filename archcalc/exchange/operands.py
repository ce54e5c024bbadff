"""Operations on what a file's node reads: tensors that depend on the input become nodes, constants are computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from archcalc.exchange.arrays import BINARY, UNARY, Folding, whole_numbers
from archcalc.exchange.build import Builder
from archcalc.exchange.sizes import broadcast, positive_axis, reshaped
from archcalc.exchange.tensors import Const, ModelFault, by

if TYPE_CHECKING:
    from collections.abc import Sequence

Operand: TypeAlias = "int | Const"


class Operands(Builder):
    """A builder that takes constants wherever it takes nodes."""

    def __init__(self) -> None:
        super().__init__()
        self.folding = Folding()
        self.file_batch = 1
        """The batch that a file was written for; a network is read for one image."""

    def dims(self, operand: Operand) -> tuple[int, ...]:
        """Return the size of each axis."""
        return operand.dims if isinstance(operand, Const) else self.shape(operand)

    def node(self, operand: Operand) -> int:
        """Return a node; a constant becomes one, as a class token or a position embedding does."""
        if isinstance(operand, Const):
            return self.add("param", [], operand.dims, [operand])
        return operand

    def reshape_to(self, x: Operand, target: Sequence[int], zero_copies: bool = True) -> Operand:
        """Give other axes; 0 keeps one, -1 takes what is left."""
        sizes = reshaped(self.dims(x), target, 1 if isinstance(x, Const) else self.file_batch, zero_copies)
        return self.folding.reshape(x, sizes) if isinstance(x, Const) else self.reshape(x, sizes)

    def permute(self, x: Operand, perm: Sequence[int]) -> Operand:
        """Put the axes into another order."""
        rank = len(self.dims(x))
        perm = [positive_axis(axis, rank) for axis in perm]
        if sorted(perm) != list(range(rank)):
            raise ModelFault(f"its axes {tuple(perm)} are not those of {by(self.dims(x))}")
        return self.folding.transpose(x, perm) if isinstance(x, Const) else self.transpose(x, perm)

    def squeeze(self, x: Operand, axes: Sequence[int] | None) -> Operand:
        """Remove axes of one; all of them but the batch where none are named."""
        own = self.dims(x)
        gone = [positive_axis(axis, len(own)) for axis in axes] if axes is not None else list(range(len(own)))
        if axes is None and not isinstance(x, Const) and self.file_batch > 1:
            gone = gone[1:]
        gone = [axis for axis in gone if own[axis] == 1]
        return self.reshape_to(x, [length for axis, length in enumerate(own) if axis not in gone])

    def unsqueeze(self, x: Operand, axes: Sequence[int]) -> Operand:
        """Add axes of one."""
        own = list(self.dims(x))
        rank = len(own) + len(axes)
        added = {positive_axis(axis, rank) for axis in axes}
        rest = iter(own)
        sizes = [1 if axis in added else next(rest, 1) for axis in range(rank)]
        return self.folding.reshape(x, sizes) if isinstance(x, Const) else self.reshape(x, sizes)

    def flatten(self, x: Operand, start: int, stop: int = -1) -> Operand:
        """Bring a run of axes together."""
        from math import prod

        own = self.dims(x)
        if not own:
            return self.reshape_to(x, [1])
        start, stop = positive_axis(start, len(own)), positive_axis(stop, len(own))
        return self.reshape_to(x, [*own[:start], prod(own[start : stop + 1]), *own[stop + 1 :]])

    def part(self, x: Operand, axis: int, start: int, stop: int, step: int = 1) -> Operand:
        """Take a range of an axis, bounds as in Python."""
        own = self.dims(x)
        axis = positive_axis(axis, len(own))
        if step == 0:
            raise ModelFault("a slice with a step of 0")
        if not isinstance(x, Const):
            return self.slice(x, axis, start, stop, step)
        taken = range(*slice(start, stop, step).indices(own[axis]))
        return self.folding.slice(x, [taken if at == axis else range(length) for at, length in enumerate(own)])

    def take(self, x: Operand, chosen: Const, axis: int) -> Operand:
        """Take entries of an axis that a constant names."""
        own = self.dims(x)
        axis = positive_axis(axis, len(own))
        if isinstance(x, Const):
            return self.folding.gather(x, chosen, axis)
        if chosen.size == 1 and chosen.values is not None:
            place = whole_numbers(chosen, "entry")[0]
            one = self.select(x, axis, place)
            return one if not chosen.dims else self.reshape_to(one, [*own[:axis], *chosen.dims, *own[axis + 1 :]])
        if chosen.values is not None and chosen.size > 1:
            named = [place % own[axis] for place in whole_numbers(chosen, "entries")]
            step = named[1] - named[0]
            if step > 0 and named == list(range(named[0], named[-1] + 1, step)):
                run = self.slice(x, axis, named[0], named[-1] + 1, step)
                return self.reshape(run, [*own[:axis], *chosen.dims, *own[axis + 1 :]])
        sizes = (*own[:axis], *chosen.dims, *own[axis + 1 :])
        if chosen.values is None and chosen.size == own[axis]:
            return self.reshape(x, sizes)
        return self.add("opaque", [x], sizes, what="entries taken by number", ops=0)

    def join(self, parts: Sequence[Operand], axis: int) -> Operand:
        """Put operands one behind the other."""
        if not parts:
            raise ModelFault("a concat of nothing")
        shapes = [self.dims(part) for part in parts]
        axis = positive_axis(axis, len(shapes[0]))
        if len({(len(shape), *shape[:axis], *shape[axis + 1 :]) for shape in shapes}) != 1 or not shapes[0]:
            raise ModelFault(f"its inputs do not fit: {' and '.join(map(by, shapes))}")
        consts = [part for part in parts if isinstance(part, Const)]
        if len(consts) == len(parts):
            return self.folding.concat(consts, axis)
        return self.concat([self.node(part) for part in parts if 0 not in self.dims(part)], axis)

    def expand(self, x: Operand, sizes: Sequence[int]) -> Operand:
        """Repeat along axes of one."""
        if isinstance(x, Const):
            return self.folding.expand(x, sizes)
        sizes = list(sizes)
        if self.file_batch > 1 and sizes and sizes[0] == self.file_batch:
            sizes[0] = 1
        found = broadcast(self.shape(x), sizes)
        return x if found == self.shape(x) else self.add("expand", [x], found)

    def binary(self, fn: str, a: Operand, b: Operand) -> Operand:
        """Compute value by value from two operands."""
        if isinstance(a, Const) and isinstance(b, Const):
            return self.folding.elementwise(BINARY.get(fn, lambda *_: float("nan")), a, b)
        if isinstance(b, Const):
            return self.ew(fn, [a], [b]) if isinstance(a, int) else b
        if isinstance(a, Const):
            return self.ew(fn, [b], [a], swapped=True)
        return self.ew(fn, [a, b])

    def unary(self, fn: str, x: Operand, **settings: object) -> Operand:
        """Compute a function of each value."""
        if isinstance(x, Const):
            function = UNARY.get(fn)
            return self.folding.elementwise(function, x) if function else x.replace(values=None)
        return self.act(x, fn, **settings)

    def linear_by(self, x: int, weight: Const, transposed: bool, bias: Const | None = None) -> int:
        """Add a linear layer whose matrix is stored as inputs x outputs, or transposed as outputs x inputs."""
        if len(weight.dims) != 2:
            raise ModelFault(f"a weight of {by(weight.dims)} where a matrix is expected")
        filters = weight.dims[0] if transposed else weight.dims[1]
        return self.linear(x, [weight] if bias is None else [weight, bias], filters)

    def space_to_depth(self, x: int, block: int, depth_first: bool = False) -> Operand:
        """Put the places of each block side by side in the channels."""
        batch, channels, height, width = self._four(x)
        if block < 1 or height % block or width % block:
            raise ModelFault(f"blocks of {block} do not tile {height} x {width}")
        rows, columns = height // block, width // block
        split = self.reshape(x, [batch, channels, rows, block, columns, block])
        moved = self.transpose(split, [0, 1, 3, 5, 2, 4] if depth_first else [0, 3, 5, 1, 2, 4])
        return self.reshape(moved, [batch, channels * block * block, rows, columns])

    def depth_to_space(self, x: int, block: int, depth_first: bool = True) -> Operand:
        """Lay channels out as blocks of places."""
        batch, channels, height, width = self._four(x)
        if block < 1 or channels % (block * block):
            raise ModelFault(f"{channels} channels cannot be laid out as blocks of {block} x {block}")
        rest = channels // (block * block)
        if depth_first:
            split = self.reshape(x, [batch, rest, block, block, height, width])
            moved = self.transpose(split, [0, 1, 4, 2, 5, 3])
        else:
            split = self.reshape(x, [batch, block, block, rest, height, width])
            moved = self.transpose(split, [0, 3, 4, 1, 5, 2])
        return self.reshape(moved, [batch, rest, height * block, width * block])

    def _four(self, x: int) -> tuple[int, int, int, int]:
        shape = self.shape(x)
        if len(shape) != 4:
            raise ModelFault(f"a map is expected, not {by(shape)}")
        return shape[0], shape[1], shape[2], shape[3]
