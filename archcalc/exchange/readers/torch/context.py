"""What an aten operation sees while its call is read: its arguments, and the net that it adds to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.exchange.readers.torch.program import Ref
from archcalc.exchange.tensors import Const, ModelFault

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        names = (*(names or ("self", "input", "x")), next(iter(self.call.args), ""))
        held = next((self.call.args[name] for name in names if name in self.call.args), None)
        if not isinstance(held, Ref):
            raise ModelFault("it has no input")
        found = self.value(held)
        if isinstance(found, Number):
            return Const((), (int(found),))
        if not isinstance(found, (int, Const)):
            raise ModelFault("its input is not a tensor")
        return found

    def node(self, *names: str) -> int:
        """Return the first tensor of the call as a node."""
        return self.net.node(self.x(*names))

    def weight(self, name: str) -> Const | None:
        """Return a weight, or None where it is left out."""
        found = self.get(name)
        if found is None or isinstance(found, Const):
            return found
        raise ModelFault(f"its {name} depends on the input of the network")

    def whole(self, name: str, default: int = 0) -> int:
        """Return an argument that is a whole number."""
        found = self.get(name, default=default)
        if not isinstance(found, int):
            raise ModelFault(f"its {name} is {str(found)[:40]!r}, where a whole number is expected")
        return int(found)

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


def called(target: str) -> str:
    """Return the name of an operation: ``conv2d`` of ``torch.ops.aten.conv2d.default``; ``relu_`` works in place."""
    parts = target.split(".")
    word = parts[-1] if target.startswith("_operator") or len(parts) < 5 else parts[-2]
    if target.startswith("torch.sym_"):
        return parts[-1]
    return word.rstrip("_") if not word.startswith("__") else word.strip("_")
