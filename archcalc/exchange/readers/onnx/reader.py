"""An ONNX graph as a net: its nodes are run in order, on sizes instead of values."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from archcalc.exchange.readers.onnx import arithmetic, moves, norms, selections, windows
from archcalc.exchange.readers.onnx.context import Context
from archcalc.exchange.readers.onnx.model import described_values, read_branch, read_model
from archcalc.exchange.readers.onnx.names import module_of, remark_folded
from archcalc.exchange.request import closed
from archcalc.exchange.tensors import Const, ModelFault, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archcalc.exchange.operands import Operand, Operands
    from archcalc.exchange.readers.onnx.model import OnnxGraph, OnnxNode, OnnxValue

OPERATIONS: dict[str, Callable[[Context], list[Operand]]] = {
    **windows.OPERATIONS,
    **moves.OPERATIONS,
    **selections.OPERATIONS,
    **arithmetic.OPERATIONS,
    **norms.OPERATIONS,
}

DOMAINS = ("", "ai.onnx", "com.microsoft")
"""Whose operations are read; Microsoft's, where they do what ONNX's of the same name do."""

STOPS = {
    **dict.fromkeys(("If", "Loop", "Scan"), "a graph within the graph, which runs or not as the input's values say"),
    **dict.fromkeys(
        ("SequenceEmpty", "SequenceInsert", "SequenceErase", "SequenceMap"), "a list of tensors, which grows as it runs"
    ),
    "NonZero": "as many values as the input happens to have",
    "NonMaxSuppression": "as many boxes as the input happens to have",
    "Unique": "as many values as the input happens to have",
    "Compress": "as many values as the input happens to have",
    "StringNormalizer": "text",
}


def read(file: str, data: memoryview, sizes: Mapping[str, tuple[int, ...]], net: Operands) -> str:
    """Read an ONNX file into a net; return the network's name.

    Raise ModelFault where it is broken or not understood.
    """
    graph = read_model(data)
    context = Context(net, graph)
    learned = not context.has_marks
    context.known.update({name: weight.replace(learned=learned) for name, weight in graph.weights.items()})
    _add_inputs(file, context, sizes)
    for index, node in enumerate(_in_order(graph)):
        _run(context, node, index)
    for output in graph.outputs:
        found = context.known.get(output.name)
        if isinstance(found, int):
            net.outputs[output.name] = found
    if not net.outputs:
        raise ModelFault("no output of its graph depends on an input")
    remark_folded(net, graph)
    return graph.name


LEARNED = {"weight": True, "fixed value": False}
"""What the inputs of a file without weights are said to be, and whether it is learned."""


def _add_inputs(file: str, c: Context, sizes: Mapping[str, tuple[int, ...]]) -> None:
    """Make the inputs that are no weights nodes; those that only weights' names list are weights of older files."""
    net = c.net
    held_in_weights = set() if c.has_marks else _read_as_weights(c.graph)
    for value in c.graph.inputs:
        if value.name in c.known:
            continue
        if value.name in held_in_weights and value.axes and all(isinstance(axis, int) for axis in value.axes):
            c.known[value.name] = Const(tuple(map(int, value.axes)), None, value.name, learned=True)
            continue
        if c.has_marks and value.doc.startswith(tuple(LEARNED)) and value.axes:
            learned = LEARNED[value.doc.partition(" of ")[0]]
            c.known[value.name] = Const(tuple(int(axis or 1) for axis in value.axes), None, value.name, learned)
            continue
        net.origin = Origin(value.name, "input", -1)
        shape = _input_shape(file, c, value, sizes)
        c.known[value.name] = net.add("input", [], shape, name=value.name)
    if not net.nodes:
        raise ModelFault("its graph has no input")


def _read_as_weights(graph: OnnxGraph) -> set[str]:
    """Name the inputs that nodes read as weights: writers without weights list them so."""
    places = {
        "Conv": (1, 2), "ConvTranspose": (1, 2), "Gemm": (1, 2), "BatchNormalization": (1, 2, 3, 4), "PRelu": (1,),
        "LayerNormalization": (1, 2), "GroupNormalization": (1, 2), "InstanceNormalization": (1, 2),
        "LSTM": (1, 2, 3), "GRU": (1, 2, 3), "RNN": (1, 2, 3),
    }  # fmt: skip
    ranks = {value.name: len(value.axes or ()) for value in graph.inputs}
    first = next(iter(graph.inputs), None)
    found: set[str] = set()
    for node in graph.nodes:
        found.update(node.inputs[place] for place in places.get(node.op, ()) if place < len(node.inputs))
        if node.op == "MatMul" and len(node.inputs) == 2 and ranks.get(node.inputs[1]) == 2:
            found.add(node.inputs[1])
    if len(graph.inputs) > len(graph.weights) and first is not None:
        found.discard(first.name)
    return found


def _sequence_first(graph: OnnxGraph, name: str, lengths: Sequence[int | str]) -> bool:
    """Whether the batch stands in the second axis of an input, behind the places of a sequence."""
    reader = next((node for node in graph.nodes if name in node.inputs), None)
    if reader is None or reader.op.startswith("Conv"):
        return False
    if reader.op in ("LSTM", "GRU", "RNN") and not reader.attributes.get("layout", 0):
        return True
    return lengths[1] == 1 and isinstance(lengths[0], int) and lengths[0] > 1


def _input_shape(file: str, c: Context, value: OnnxValue, sizes: Mapping[str, tuple[int, ...]]) -> tuple[int, ...]:
    net, axes = c.net, value.axes
    if axes is None:
        return (1, *closed(file, value.name, None, sizes))
    lengths = [axis if not isinstance(axis, int) or axis > 0 else "" for axis in axes]
    if len(lengths) < 2:
        return closed(file, value.name, lengths, sizes)
    if len(lengths) == 3 and _sequence_first(c.graph, value.name, lengths):
        return (*closed(file, value.name, lengths[:1], sizes), 1, *closed(file, value.name, lengths[2:], sizes))
    batch, rest = lengths[0], lengths[1:]
    unbatched = isinstance(batch, int) and len(lengths) == 3 and batch in (1, 3)
    if isinstance(batch, int) and batch > 1 and not unbatched:
        net.file_batch = batch
        net.remark(f"the file is for {batch} inputs at a time; the figures are for one")
    first = batch if unbatched and isinstance(batch, int) else 1
    channels = -1 if len(rest) == 3 and rest[0] not in (1, 3, 4) and rest[-1] in (1, 3, 4) else 0
    return (first, *closed(file, value.name, rest, sizes, channels))


def _in_order(graph: OnnxGraph) -> Sequence[OnnxNode]:
    """Return the nodes so that each comes after those that it reads, as ONNX demands and some files do not hold."""
    maker = {name: index for index, node in enumerate(graph.nodes) for name in node.outputs if name}
    waits = [{maker[name] for name in node.inputs if name in maker} for node in graph.nodes]
    readers: dict[int, list[int]] = {}
    for index, sources in enumerate(waits):
        for source in sources:
            readers.setdefault(source, []).append(index)
    ready = [index for index, sources in enumerate(waits) if not sources]
    found: list[OnnxNode] = []
    while ready:
        index = heappop(ready)
        found.append(graph.nodes[index])
        for reader in readers.get(index, ()):
            waits[reader].discard(index)
            if not waits[reader]:
                heappush(ready, reader)
    if len(found) < len(graph.nodes):
        stuck = next(node for index, node in enumerate(graph.nodes) if waits[index])
        raise ModelFault(f"{_called(stuck)} reads its own output")
    return found


def _called(node: OnnxNode) -> str:
    return f"the node {node.name!r} ({node.op})" if node.name else f"a node {node.op}"


def _run(c: Context, node: OnnxNode, index: int) -> None:
    """Add a node's outputs to what is known."""
    c.node = node
    path, cls = module_of(node, c.graph)
    name = node.name or next(filter(None, node.outputs), "")
    name = name.partition(":")[0] if c.has_marks else name  # behind it, which step of the layer it is
    c.net.origin = Origin(name, node.op, index, path, cls)
    found = _outputs(c, node)
    for name, output in zip(node.outputs, found, strict=False):
        if name:
            c.known[name] = output


def _outputs(c: Context, node: OnnxNode) -> Sequence[Operand]:
    if node.op == "If" and c.has(0):
        return _branch(c, node)
    if node.op in STOPS:
        raise ModelFault(f"{node.op} makes {STOPS[node.op]}; archcalc reads networks whose sizes are fixed")
    function = OPERATIONS.get(node.op) if node.domain in DOMAINS else None
    if function is not None:
        return function(c)
    return _unknown(c, node)


def _branch(c: Context, node: OnnxNode) -> Sequence[Operand]:
    """Run the branch of an If whose condition sizes alone decide."""
    test = c.arg(0)
    if not isinstance(test, Const) or not test.values or c.depth >= MAX_BRANCHES:
        raise ModelFault(f"If makes {STOPS['If']}; archcalc reads networks whose sizes are fixed")
    held = node.attributes.get("then_branch" if test.values[0] else "else_branch")
    if not isinstance(held, memoryview):
        raise ModelFault("it has no branch to run")
    branch = read_branch(held)
    c.depth += 1
    c.known.update(branch.weights)
    for index, inner in enumerate(_in_order(branch)):
        _run(c, inner, index)
    c.depth -= 1
    c.node = node
    return [c.known[output.name] for output in branch.outputs if output.name in c.known]


MAX_BRANCHES = 10
"""Branches inside one another."""


def _unknown(c: Context, node: OnnxNode) -> list[Operand]:
    """Take an operation that is not understood for what the file says of its outputs, or stop."""
    called = f"{node.domain}.{node.op}" if node.domain not in ("", "ai.onnx") else node.op
    if node.op in c.graph.functions:
        raise ModelFault(f"{called} is a function of the file's own; export the model without functions")
    if c.described is None:
        c.described = described_values(c.graph)
    described = [c.described.get(name) for name in node.outputs]
    sources = [c.known[name] for name in node.inputs if name in c.known]
    nodes = [source for source in sources if isinstance(source, int)]
    weights = [source for source in sources if isinstance(source, Const) and source.key and source.size > 1]
    found: list[Operand] = []
    for value in described:
        axes = value.axes if value is not None else None
        if axes is None or not all(isinstance(axis, int) and axis > 0 for axis in axes[1:]) or not nodes:
            raise ModelFault(f"archcalc does not know {called}, and the file does not give the size of its output")
        shape: list[Any] = [1, *axes[1:]] if axes else []
        found.append(c.net.add("opaque", nodes, shape, weights if not found else (), what=called, ops=0))
    c.net.remark(f"{called} is unknown to archcalc: counted with the size in the file, and without work")
    return found
