"""How a spec was expanded: which items ran, in which block, with which arguments, from and to which layers.

A network is a flat list of layers; a source has the blocks again. The trace is what lies between: for each list of
items and each time it ran, the steps that came of each item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.engine.expand import Expander
from archcalc.language.model import BlockItem, GroupItem, MergeItem, OperationItem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archcalc.engine.arguments import Size
    from archcalc.engine.context import Context
    from archcalc.engine.network import Network, Node
    from archcalc.language.model import Item, Modifiers
    from archcalc.language.networks import NetworkSpec
    from archcalc.operations.base import Shape


class Run:
    """A list of items that ran once: for each item its steps, none where it was left out, several where repeated."""

    __slots__ = ("call", "entry", "exit", "index", "items", "steps", "values")

    def __init__(
        self, items: tuple[Item, ...], call: Call, index: int | None, entry: int, values: dict[str, Any]
    ) -> None:
        self.items = items
        self.call = call
        self.index = index
        self.entry = entry
        self.exit = entry
        self.values = values
        self.steps: list[list[Step]] = []


class Call:
    """A part that could be a class: a block that was called, a group or a merge with conditions, or the whole network.

    ``values`` are the arguments that its formulas see; layers from ``start`` to before ``end`` are inside it.
    """

    def __init__(self, parent: Call | None, word: str, values: dict[str, Any], entry: int, shape: Shape) -> None:
        self.parent = parent
        self.word = word
        self.values = values
        self.entry = entry
        self.shape = shape
        self.key: Any = word
        self.item: Item | None = None
        self.step: Step | None = None
        """The step that it is."""
        self.start = self.end = self.exit = 0
        self.items: tuple[Item, ...] = ()
        self.run: Run | None = None
        self.path = ""
        self.part: Any = None
        """The part of the source that it became."""
        self.extras: dict[str, Any] = {}
        """Values that no formula of its arguments gives, by the names of parameters."""
        self.outer: dict[str, int] = {}
        """The layers outside that it reads beside its input, by the names of inputs."""


class Step:
    """An item that ran once: what it read, where its output is, and the lists of items that ran inside it."""

    def __init__(self, item: Item, call: Call, index: int | None, sources: tuple[int, ...], shape: Shape) -> None:
        self.item = item
        self.call = call
        self.index = index
        self.sources = sources
        self.shape = shape
        self.out = sources[0]
        self.node = -1
        """The position of its own layer, where it is one or ends in one (a merge)."""
        self.called: Call | None = None
        self.run: Run | None = None
        """What ran inside it: a block, a group or a training branch."""
        self.branches: list[Run | list[Step]] = []
        """What ran in each branch of a merge; no steps where a branch was left out."""
        self.name = ""
        self.times = 1
        """How often it runs in a row, without what is around it."""
        self.survival: Any = 1
        """The probability that it runs while training, without that of what is around it."""
        self.owner: str | None = None
        """The full name of what it shares weights with."""


class Trace:
    """A network together with the steps that made it."""

    def __init__(self, network: Network, top: Call, step_of: dict[int, Step], named: dict[str, Step]) -> None:
        self.network = network
        self.top = top
        self.step_of = step_of
        self.named = named

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The layers."""
        return self.network.nodes


def trace(spec: NetworkSpec, input: Mapping[str, Size]) -> Trace:
    """Expand a spec once more and note the steps; what it raises, its first expansion has raised."""
    return _Tracer(spec, dict(input)).traced()


class _Tracer(Expander):
    def __init__(self, spec: NetworkSpec, input: Mapping[str, Size]) -> None:
        super().__init__(spec, input)
        self.outside = frozenset(self.blocks)  # every call is expanded, none copied
        self.call: Call | None = None
        self.finished: list[Run] = []
        self.current: list[Step] = []
        self.step_of: dict[int, Step] = {}
        self.named: dict[str, Step] = {}
        self.owner: str | None = None
        self.around: tuple[int, Any] = (1, 1)

    def traced(self) -> Trace:
        top = self.call = Call(None, "", self.values, 0, next(iter(self.inputs.values())))
        network = self.network()
        run = top.run = self.finished[-1]
        top.exit, top.end, top.items = run.exit, len(self.built.nodes), run.items
        return Trace(network, top, self.step_of, self.named)

    def run(self, items: tuple[Item, ...], context: Context, flow: int) -> int:
        """Expand items one after another, and note the steps of each."""
        assert self.call is not None
        done = Run(items, self.call, context.repetition, flow, context.values)
        outer = self.current
        for item in items:
            self.current = []
            flow = super().run((item,), context, flow)
            done.steps.append(self.current)
        self.current = outer
        done.exit = flow
        self.finished.append(done)
        return flow

    def expand_sharing(
        self, item: Item, name: str | None, modifiers: Modifiers, context: Context, sources: tuple[int, ...]
    ) -> int:
        """Expand an item, and note whose weights it uses."""
        if modifiers.weights is not None:
            from archcalc.engine.references import full_name_of

            self.owner = full_name_of(self.built, modifiers.weights, context)
        return super().expand_sharing(item, name, modifiers, context, sources)

    def expand_once(self, item: Item, name: str | None, context: Context, sources: tuple[int, ...]) -> int:
        """Expand an item, and note the step."""
        assert self.call is not None
        step = Step(item, self.call, context.repetition, sources, self.built.shape(sources[0]))
        step.owner, self.owner = self.owner, None
        times, survival, _ = context.multiplicity
        step.times, step.survival = times // self.around[0], survival / self.around[1]
        around, self.around = self.around, (times, survival)
        outer = self.call, self.finished, self.current
        self.finished, self.current = [], []
        if _may_be_a_part(item):
            step.called = self.call = Call(self.call, item.word, context.values, sources[0], step.shape)
            step.called.key, step.called.item, step.called.step = id(item), item, step
        start, calls = len(self.built.nodes), len(self.built.calls)
        step.out = super().expand_once(item, name, context, sources)
        self._end_step(step, start)
        if isinstance(item, BlockItem) and step.called is not None:
            made = self.built.calls[calls]
            step.called.key = step.called.word = made.block
            step.called.path = step.name = made.path
        if name is not None:
            step.name = context.names.prefix + name
        self.named[step.name] = step
        self.call, self.finished, self.current = outer
        self.around = around
        self.current.append(step)
        return step.out

    def _end_step(self, step: Step, start: int) -> None:
        """Note what ran inside a step, and its own layer."""
        item, nodes = step.item, self.built.nodes
        has_node = isinstance(item, OperationItem) and len(nodes) > start
        if isinstance(item, MergeItem):
            runs = iter(self.finished)
            for branch in item.branches:
                steps = [each for each in self.current if each.item is branch]
                step.branches.append(next(runs) if branch.modifiers is None else steps)
            has_node = sum(bool(branch) for branch in step.branches) > 1
        elif self.finished:
            step.run = self.finished[0]
        if has_node:
            step.node = step.out
            step.name = nodes[step.out].name
            self.step_of[step.out] = step
        if step.called is not None:
            inner = step.run or _unconditional(step, self)
            step.called.start, step.called.end, step.called.exit = start, len(nodes), step.out
            step.called.run, step.called.items, step.called.values = inner, inner.items, inner.values
            if not isinstance(item, BlockItem) and step.index is not None:
                step.called.values = {**inner.values, "index": step.index}


def _unconditional(step: Step, tracer: _Tracer) -> Run:
    """Return a merge under a condition as the one item of a part, without the condition."""
    item, called = step.item, step.called
    assert isinstance(item, MergeItem)
    assert called is not None
    join = item.join
    plain = OperationItem(join.node, None, join.type, join.operation, join.constants, join.deferred, join.likes)
    inner = Step(MergeItem(plain, item.branches), called, step.index, step.sources[:1], step.shape)
    inner.branches, inner.out, inner.node, inner.times = step.branches, step.out, step.node, step.times
    inner.name = step.name
    if step.node >= 0:
        tracer.step_of[step.node] = inner
    run = Run((inner.item,), called, step.index, step.sources[0], called.values)
    run.exit, run.steps = step.out, [[inner]]
    return run


def _may_be_a_part(item: Item) -> bool:
    """Whether an item could become a class of its own: a block, or several layers under a condition or repeated."""
    if isinstance(item, BlockItem):
        return True
    modifiers = item.modifiers
    conditional = modifiers is not None and (modifiers.when is not None or modifiers.repeat is not None)
    return isinstance(item, GroupItem | MergeItem) and conditional
