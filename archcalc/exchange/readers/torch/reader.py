"""An exported program as a net: its aten operations are run in order, on sizes instead of values."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from archcalc.exchange.readers.torch import arithmetic, layers, moves, windows
from archcalc.exchange.readers.torch.program import Ref
from archcalc.exchange.request import closed
from archcalc.exchange.tensors import Const, ModelFault, Origin, by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archcalc.exchange.operands import Operands
    from archcalc.exchange.readers.torch.program import Call, Program

Found = Any
"""What an operation makes: a node, a constant, a number, or a list of these."""


class Context:
    """One call, and where the tensors of the program are."""

    def __init__(self, net: Operands, program: Program) -> None:
        self.net = net
        self.program = program
        self.known: dict[str, Found] = {}
        self.call: Call

    def value(self, held: Any) -> Any:
        """Return what an argument stands for."""
        if isinstance(held, Ref):
            found = self.known.get(held.name)
            if found is None:
                raise ModelFault(f"it reads {held.name!r}, which nothing before it makes")
            return found
        return [self.value(each) for each in held] if isinstance(held, list) else held

    def get(self, *names: str, default: Any = None) -> Any:
        """Return an argument by its name, or by another name that some overloads have."""
        for name in names:
            if name in self.call.args:
                found = self.value(self.call.args[name])
                return default if found is None else found
        return default

    def x(self, *names: str) -> Any:
        """Return the first tensor of the call."""
        found = self.get(*(names or ("self", "input", "x")))
        if found is None and self.call.args:
            found = self.value(next(iter(self.call.args.values())))
        if found is None or isinstance(found, (list, str)):
            raise ModelFault("it has no input")
        return found if isinstance(found, (int, Const)) and not isinstance(found, bool) else Const((), (found,))

    def node(self, *names: str) -> int:
        """Return the first tensor of the call as a node."""
        return self.net.node(self.x(*names))

    def weight(self, name: str) -> Const | None:
        """Return a weight, or None where it is left out."""
        found = self.get(name)
        if found is None or isinstance(found, Const):
            return found
        raise ModelFault(f"its {name} depends on the input of the network")

    def ints(self, *names: str, default: Sequence[int] | None = None) -> Sequence[int] | None:
        """Return an argument of whole numbers; empty lists count as left out."""
        found = self.get(*names)
        if found is None or found == []:
            return default
        found = found if isinstance(found, list) else [found]
        if not all(isinstance(each, int) for each in found):
            raise ModelFault(f"its {names[0]} cannot be worked out")
        return list(found)


class Number(int):
    """A number worked out from sizes, as against the number of a node."""


def is_node(found: Found) -> bool:
    """Whether what an operation made is a node."""
    return type(found) is int


OPERATIONS: dict[str, Callable[[Context], Found]] = {
    **windows.OPERATIONS,
    **moves.OPERATIONS,
    **arithmetic.OPERATIONS,
    **layers.OPERATIONS,
}

ARITHMETIC = {
    name: getattr(operator, name)
    for name in ("add", "sub", "mul", "floordiv", "truediv", "mod", "neg", "eq", "ne", "lt", "le", "gt", "ge", "pow")
}


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
        found = c.known.get(name)
        if is_node(found):
            net.outputs[name] = found
    if not net.outputs:
        raise ModelFault("no output of the program depends on an input")
    return program.name


def _input_shape(
    file: str, net: Operands, name: str, program: Program, sizes: Mapping[str, tuple[int, ...]]
) -> tuple[int, ...]:
    axes = program.sizes.get(name)
    if axes is None:
        raise ModelFault(f"its input {name!r} has no size")
    if len(axes) < 2:
        return closed(file, name, axes, sizes)
    batch, rest = axes[0], axes[1:]
    if isinstance(batch, int) and batch > 1 and not (len(axes) == 3 and batch == 3):
        net.file_batch = batch
        net.remark(f"the file is for {batch} inputs at a time; the figures are for one")
        batch = 1
    return (batch if isinstance(batch, int) else 1, *closed(file, name, rest, sizes))


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
            if whole and said is not None and (is_node(made) or isinstance(made, Const)):
                if c.net.dims(made) != said and all(isinstance(length, int) for length in said):
                    raise ModelFault(f"{by(c.net.dims(made))} come out here, where the file says {by(said)}")


def _outputs(c: Context, call: Call) -> Found:
    word = called(call.target)
    if word in OPERATIONS:
        return OPERATIONS[word](c)
    if call.target.startswith("_operator.") and word in ARITHMETIC:
        values = [c.value(held) for held in call.args.values()]
        return Number(int(ARITHMETIC[word](*values)))
    if word == "sym_size":
        return Number(c.net.dims(c.x())[c.get("dim", default=0)])
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
    if not nodes or not shapes or any(shape is None or not all(isinstance(n, int) for n in shape) for shape in shapes):
        raise ModelFault(f"archcalc does not know {word}, and the file does not say what comes out of it")
    c.net.remark(f"{word} is not known to archcalc: taken with the size that the file gives, and no work")
    weights = [held for held in map(c.value, call.args.values()) if isinstance(held, Const) and held.learned]
    found = []
    for shape in shapes:
        assert shape is not None
        sizes = (1, *shape[1:]) if shape and c.net.file_batch > 1 else shape
        found.append(c.net.add("opaque", nodes, sizes, weights if not found else (), what=word, ops=0))
    return found


def called(target: str) -> str:
    """Return the name of an operation: ``conv2d`` of ``torch.ops.aten.conv2d.default``; ``relu_`` works in place."""
    parts = target.split(".")
    word = parts[-1] if target.startswith("_operator") or len(parts) < 5 else parts[-2]
    if target.startswith("torch.sym_"):
        return parts[-1]
    return word.rstrip("_") if not word.startswith("__") else word.strip("_")
