"""Summing up a network without its layers: block by block, what came to a piece once taken from there.

A block's call depends on its arguments, on the shape that flows in, and on the file's arguments that it uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.engine.arguments import bound, built_operation, called_block, check_requirements
from archcalc.engine.block_cache import call_key, typed
from archcalc.engine.context import repetitions
from archcalc.engine.count import counts_of
from archcalc.engine.network import Applied
from archcalc.engine.pieces import NOTHING, Flow, Piece, Sums, joined, piece_of, plus
from archcalc.language.formula import Scope
from archcalc.language.model import BlockItem, GroupItem, MergeItem, OperationItem
from archcalc.limits import MAX_BLOCK_NESTING, MAX_LAYERS, MAX_NUMBER, MAX_REACH, MAX_STEPS
from archcalc.operations.input import Input
from archcalc.text import readers

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from archcalc.engine.known import Known
    from archcalc.language.model import Family, Item
    from archcalc.operations.base import Operation, Shape


class NeedsLayersError(Exception):
    """Something that only layers can say, or a limit that may be reached."""


class _Repetition:
    """The number of a repetition, and whether a formula has asked for it."""

    __slots__ = ("asked", "number")

    def __init__(self, number: int) -> None:
        self.number = number
        self.asked = False


class _Repeated(Scope):
    """What a formula can see in a repetition; it notes that its number was asked for."""

    __slots__ = ("repetition",)

    def __init__(self, values: dict[str, Any], shape: Shape, repetition: _Repetition) -> None:
        self.values = values
        self.shape = shape
        self.repetition = repetition

    @property
    def index(self) -> int:  # type: ignore[override]
        """The number of the repetition."""
        self.repetition.asked = True
        return self.repetition.number


class _Context(NamedTuple):
    """What the formulas of an item can see, and the names that are taken beside it."""

    values: dict[str, Any]
    repetition: _Repetition | None
    names: set[str]

    def scope(self, shape: Shape) -> Scope:
        """Return what a formula can see."""
        return Scope(self.values, shape) if self.repetition is None else _Repeated(self.values, shape, self.repetition)

    def inside(self, name: str | None) -> _Context:
        """Take a name, and return the context below it; a name given twice is refused when the network is expanded."""
        if name is None:
            return self
        if name in self.names:
            raise NeedsLayersError
        self.names.add(name)
        return self._replace(names=set())


class Summing:
    """Sums up one network. What it refuses is expanded, which says what is wrong if anything is."""

    def __init__(self, family: Family, known: Known, values: dict[str, Any]) -> None:
        self.family = family
        self.known = known
        self.pieces = known.pieces
        self.values = values
        self.depends: dict[str, Hashable] = {}
        self.sums = NOTHING
        self.steps = 0
        self.level = 0
        self.deepest = 0

    def network(self, inputs: Mapping[str, Shape]) -> tuple[Sums, Flow]:
        """Return what the network comes to, and what flows out of it."""
        (shape,) = inputs.values()
        self.sums = (1, 0, 0, Input.make({}).stored_values(shape), *NOTHING[4:])
        flow = self.run(self.family.items, _Context(self.values, None, set(inputs)), Flow(shape))
        if self.sums[0] > MAX_LAYERS or 2 * flow.reach + 1 > MAX_REACH:
            raise NeedsLayersError
        return self.sums, flow

    def spend(self, steps: int, levels: int = 0) -> None:
        """Count work, and blocks and branches nested so many levels deeper from here."""
        self.steps += steps
        self.deepest = max(self.deepest, self.level + levels)
        if self.steps > MAX_STEPS or self.deepest > MAX_BLOCK_NESTING:
            raise NeedsLayersError

    def use(self, piece: Piece, flow: Flow, times: int = 1) -> Flow:
        """Add a piece, so many times; return what flows out of it."""
        self.sums = plus(self.sums, piece.sums, times)
        self.spend((piece.steps + 1) * times, piece.levels)
        out = piece.after(flow, times)
        if out.stride > MAX_REACH:
            raise NeedsLayersError
        return out

    def begin(self) -> tuple[Sums, int, int]:
        """Begin a piece; return what is to be kept aside for its end."""
        kept = (self.sums, self.steps, self.deepest)
        self.sums, self.deepest = NOTHING, self.level
        return kept

    def end(self, kept: tuple[Sums, int, int], out: Flow) -> Piece:
        """Return the piece that ends here, as if it had never been there."""
        piece = Piece(self.sums, out, self.steps - kept[1], self.deepest - self.level)
        self.sums, self.steps, self.deepest = kept
        return piece

    def run(self, items: tuple[Item, ...], context: _Context, flow: Flow) -> Flow:
        """Add items one after another; return what flows out."""
        if not items:
            return flow
        self.level += 1
        for item in items:
            self.spend(1 + item.cost)
            flow = self.item(item, context, flow, flow.shape) or flow
        self.level -= 1
        return flow

    def item(self, item: Item, context: _Context, flow: Flow, seen: Shape) -> Flow | None:
        """Add an item as its modifiers say, None if they leave it out; ``seen`` is the shape that they see."""
        words = item.modifiers
        if words is None:
            return self.once(item, context, context, flow)
        if words.when is not None and not readers.flag(words.when(context.scope(seen))):
            return None
        if words.repeat is None:
            return self.once(item, context, context.inside(words.name), flow)
        times = repetitions(item, words.repeat, context.scope(seen))
        return self.repeated(item, times, context.inside(words.name), flow) if times else None

    def repeated(self, item: Item, times: int, context: _Context, flow: Flow) -> Flow:
        """Add an item so many times; from where on it only repeats itself, all of them at once."""
        named = item.modifiers is not None and item.modifiers.name is not None
        done = 0
        while done < times:
            repetition = _Repetition(done + 1)
            names: set[str] = set() if named else context.names
            taken, inside = len(names), _Context(context.values, repetition, names)
            kept = self.begin()
            self.spend(1 + item.cost)
            piece = self.end(kept, self.once(item, inside, inside, Flow(flow.shape)))
            alike = piece.out.shape == flow.shape and piece.out.stride == 1 and not repetition.asked
            again = times - done if alike else 1
            if again > 1 and not named and len(names) > taken:
                raise NeedsLayersError
            flow = self.use(piece, flow, again)
            done += again
        return flow

    def once(self, item: Item, context: _Context, inside: _Context, flow: Flow) -> Flow:
        """Add an item once; ``inside`` is the context of its parts, which its name may set apart."""
        kind = item.__class__
        if kind is OperationItem:
            operation = self.operation(item, context, flow.shape)  # type: ignore[arg-type]
            return self.use(self.layer(operation, (flow.shape,)), flow)
        if kind is BlockItem:
            return self.block(item, context, flow)  # type: ignore[arg-type]
        if kind is MergeItem:
            return self.merge(item, inside, flow)  # type: ignore[arg-type]
        assert isinstance(item, GroupItem)
        return self.run(item.items, inside, flow)

    def operation(self, item: OperationItem, context: _Context, shape: Shape) -> Operation:
        """Return the operation of an item, built for what it sees if it has formulas."""
        return item.operation or built_operation(item, self.family.pool, context.scope(shape), {})

    def layer(self, operation: Operation, shapes: tuple[Shape, ...]) -> Piece:
        """Return what an operation comes to on inputs."""
        key = (operation, shapes)
        piece = self.pieces.get(key)
        if piece is None:
            output = operation.output(*shapes)
            if max(output) > MAX_NUMBER:
                raise NeedsLayersError
            counts = counts_of(Applied(operation, shapes, output))
            piece = self.pieces[key] = piece_of(operation, counts, output)
        return piece

    def block(self, item: BlockItem, context: _Context, flow: Flow) -> Flow:
        """Add the call of a block, worked out once for equal calls."""
        scope = context.scope(flow.shape)
        block, arguments = called_block(item, self.family.blocks, scope)
        given = {word: readers.argument(value(scope)) for word, value in arguments.items()}
        key = call_key(block.name, given, flow.shape, self.of_file(block.name))
        piece = self.pieces.get(key)
        if piece is None:
            kept = self.begin()
            self.spend(1 + sum(argument.cost for argument in block.arguments.values()))
            values = bound(block.arguments, given, self.values, flow.shape)
            check_requirements(block.require, Scope(values, flow.shape))
            out = self.run(block.items, _Context(values, None, set()), Flow(flow.shape))
            piece = self.pieces[key] = self.end(kept, out)
        return self.use(piece, flow)

    def of_file(self, block: str) -> Hashable:
        """Return the values of the file's arguments that a block depends on."""
        known = self.depends.get(block)
        if known is None:
            names = self.known.of_file[block]
            known = self.depends[block] = tuple(typed(self.values.get(name)) for name in names)
        return known

    def merge(self, item: MergeItem, context: _Context, flow: Flow) -> Flow:
        """Add branches and what joins them."""
        ends = []
        for branch in item.branches:
            self.spend(1)
            end = self.item(branch, context, flow, flow.shape)
            ends += [] if end is None else [end]
        if len(ends) < 2:
            if not ends:
                raise NeedsLayersError
            return ends[0]
        operation = self.operation(item.join, context, flow.shape)
        join = self.layer(operation, tuple([end.shape for end in ends]))
        self.sums = plus(self.sums, join.sums)
        return joined(join, operation, ends)
