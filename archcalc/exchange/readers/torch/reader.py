"""An exported program as a net: its aten operations are run in order, on sizes instead of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.arrays import derived
from archcalc.exchange.readers.torch import arithmetic, layers, moves, symbols, windows
from archcalc.exchange.readers.torch.context import Context, Found, called, is_node
from archcalc.exchange.readers.torch.program import Ref
from archcalc.exchange.readers.torch.symbols import OF_SIZES, check_symbols, of_sizes
from archcalc.exchange.request import closed
from archcalc.exchange.tensors import Const, ModelFault, Origin, by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.readers.torch.program import Call, Program

OPERATIONS: dict[str, Callable[[Context], Found]] = {
    **windows.OPERATIONS,
    **moves.OPERATIONS,
    **arithmetic.OPERATIONS,
    **layers.OPERATIONS,
    **symbols.OPERATIONS,
}

OPEN = {str}
"""What an axis is in a file that leaves its size open."""


def read(file: str, program: Program, sizes: Mapping[str, tuple[int, ...]], net: Operands) -> str:
    """Read an exported program into a net; return its class' name. Raise ModelFault for what is not understood."""
    c = Context(net, program)
    for name, (stored, learned) in program.weights.items():
        dims = program.sizes.get(name, ())
        if not all(isinstance(length, int) for length in dims):
            raise ModelFault(f"the weight {stored!r} has an open size")
        c.known[name] = Const(tuple(dims), None, stored, learned)
    for name in program.inputs:
        net.origin = Origin(name, "input", -1)
        c.known[name] = net.add("input", [], _input_shape(file, net, name, program, sizes), name=name)
    if not net.nodes:
        raise ModelFault("the program has no input")
    whole = net.file_batch == 1 and all(isinstance(n, int) for name in program.inputs for n in program.sizes[name])
    for index, call in enumerate(program.calls):
        _run(c, call, index, whole)
    for name in program.outputs:
        found: Found = c.known.get(name)
        if is_node(found):
            net.outputs[name] = found
    if not net.outputs:
        raise ModelFault("no output of the program depends on an input")
    return program.name


def _sequence_first(program: Program, name: str, axes: Sequence[int | str]) -> bool:
    """Whether the batch stands in the second axis of an input, behind the places of a sequence."""
    reader = next((call for call in program.calls if Ref(name) in call.args.values()), None)
    if reader is None or "conv" in reader.target:
        return False
    if called(reader.target) in ("lstm", "gru", "rnn_tanh", "rnn_relu"):
        return not reader.args.get("batch_first", False)
    return axes[1] == 1 and isinstance(axes[0], int) and axes[0] > 1


def _input_shape(
    file: str, net: Operands, name: str, program: Program, sizes: Mapping[str, tuple[int, ...]]
) -> tuple[int, ...]:
    axes = program.sizes.get(name)
    if axes is None:
        raise ModelFault(f"its input {name!r} has no size")
    if len(axes) < 2:
        return closed(file, name, axes, sizes)
    if len(axes) == 3 and _sequence_first(program, name, axes):
        return (*closed(file, name, axes[:1], sizes), 1, *closed(file, name, axes[2:], sizes))
    batch, rest = axes[0], axes[1:]
    if isinstance(batch, int) and batch > 1 and not (len(axes) == 3 and batch == 3):
        net.file_batch = batch
        net.remark(f"the file is for {batch} inputs at a time; the figures are for one")
        batch = 1
    lengths = closed(file, name, rest, sizes)
    check_symbols(file, name, rest, lengths, program.ranges)
    return (batch if isinstance(batch, int) else 1, *lengths)


def _run(c: Context, call: Call, index: int, whole: bool) -> None:
    """Add what a call makes to what is known; hold it against the sizes in the file where they are for one input."""
    c.call = call
    name = call.outputs[0] if call.outputs else call.target
    c.net.origin = Origin(name, called(call.target), index, call.path, call.cls)
    found = _outputs(c, call)
    found = found if isinstance(found, list) else [found]
    for output, made in zip(call.outputs, found, strict=False):
        if output and made is not None:
            c.known[output] = made
            said = c.program.sizes.get(output)
            sized = is_node(made) or isinstance(made, Const)
            if whole and said is not None and sized and c.net.dims(made) != said and OPEN.isdisjoint(map(type, said)):
                raise ModelFault(f"{by(c.net.dims(made))} are computed here, but the file says {by(said)}")


def _outputs(c: Context, call: Call) -> Found:
    word = called(call.target)
    if call.target in OF_SIZES:
        return of_sizes(c)
    if word in OPERATIONS and call.target.startswith("torch.ops."):
        return OPERATIONS[word](c)
    if word.startswith(("_assert", "sym_constrain", "_check")) or "assert" in word:
        return []
    return _unknown(c, call, word)


def _unknown(c: Context, call: Call, word: str) -> Found:
    """Take an operation that is not understood for the sizes that the file gives, or stop."""
    nodes = [
        c.known[held.name] for held in call.args.values()
        if isinstance(held, Ref) and is_node(c.known.get(held.name))
    ]  # fmt: skip
    if not call.target.startswith("torch.ops.aten") and not call.target.startswith("torch.ops.torchvision"):
        raise ModelFault(f"archcalc does not know {call.target}")
    shapes = [c.program.sizes.get(name) for name in call.outputs]
    consts = [held for held in map(c.value, call.args.values()) if isinstance(held, Const)]
    if not nodes and len(shapes) == 1 and shapes[0] is not None and all(isinstance(n, int) for n in shapes[0]):
        return derived(shapes[0], *consts)
    if not nodes or not shapes or any(shape is None or not all(isinstance(n, int) for n in shape) for shape in shapes):
        raise ModelFault(f"archcalc does not know {word}, and the file does not give the size of its output")
    c.net.remark(f"{word} is unknown to archcalc: counted with the size in the file, and without work")
    weights = [const for const in consts if const.learned]
    found: list[Found] = []
    for shape in shapes:
        assert shape is not None
        sizes = (1, *shape[1:]) if shape and c.net.file_batch > 1 else shape
        found.append(c.net.add("opaque", nodes, sizes, weights if not found else (), what=word, ops=0))
    return found
