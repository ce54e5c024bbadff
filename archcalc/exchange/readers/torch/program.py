"""An exported program, as far as a graph needs it: the same from a .pt2 file and from a model in process.

Source: torch/_export/serde/schema.py (the fields of the JSON), torch.export.ExportedProgram.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.exchange.tensors import ModelFault
from archcalc.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping


class Ref(NamedTuple):
    """The name of a tensor, or of a number worked out from sizes, where an argument reads one."""

    name: str


Axes = tuple[Any, ...]
"""Sizes of a tensor: numbers, or the text of an expression where they are open."""


class Call(Record):
    """One node: an operation on named arguments."""

    target: str
    args: dict[str, Any]
    outputs: tuple[str, ...]
    path: str
    cls: str


class Program(Record):
    """The nodes of an exported program, and what its tensors are."""

    calls: tuple[Call, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    weights: dict[str, tuple[str, bool]]
    """Tensors that are held: name in the graph to the model's own name, and whether it is a parameter."""
    sizes: dict[str, Axes]
    name: str = ""
    ranges: Mapping[str, tuple[int | None, int | None]] = MappingProxyType({})
    """The least and the largest that each symbol may be, as far as they are bounded."""


def of_json(held: Any) -> Program:
    """Read the JSON of a saved program; raise ModelFault where it is another one."""
    try:
        return _program(held)
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:
        raise ModelFault(f"its JSON is not that of an exported program ({type(error).__name__}: {error})") from None


def _program(held: Any) -> Program:
    module = held["graph_module"]
    graph, signature = module["graph"], module["signature"]
    weights: dict[str, tuple[str, bool]] = {}
    inputs: list[str] = []
    for spec in signature["input_specs"]:
        ((kind, said),) = spec.items()
        if kind in ("parameter", "buffer", "tensor_constant"):
            weights[said["arg"]["name"]] = (str(said[f"{kind}_name"]), kind == "parameter")
        elif kind == "user_input":
            arg = said["arg"]
            if "as_tensor" in arg:
                inputs.append(arg["as_tensor"]["name"])
        elif kind not in ("token", "constant_input", "custom_obj"):
            raise ModelFault(f"an input of the kind {kind!r}")
    outputs = [
        said["arg"]["as_tensor"]["name"]
        for spec in signature["output_specs"]
        for kind, said in spec.items()
        if kind == "user_output" and "as_tensor" in said["arg"]
    ]
    sizes = {str(name): _axes(meta["sizes"]) for name, meta in graph["tensor_values"].items()}
    calls = tuple(_call(node) for node in graph["nodes"])
    stacks = (node.get("metadata", {}).get("nn_module_stack", "") for node in graph["nodes"])
    outermost = next((stack.split(";")[0] for stack in stacks if stack), "")
    name = outermost.rpartition(".")[2]
    return Program(calls, tuple(inputs), tuple(outputs), weights, sizes, name, _ranges(held.get("range_constraints")))


def _ranges(held: Any) -> dict[str, tuple[int | None, int | None]]:
    """Return the bounds of symbols; what is not a whole number bounds nothing."""
    if not isinstance(held, dict):
        return {}
    bounds = {str(name): (said.get("min_val"), said.get("max_val")) for name, said in held.items()}
    return {name: tuple(end if type(end) is int else None for end in ends) for name, ends in bounds.items()}  # type: ignore[misc]


def _axes(sizes: Any) -> Axes:
    return tuple(size["as_int"] if "as_int" in size else str(_expression(size)) for size in sizes)


def _expression(size: Any) -> str:
    found = size.get("as_expr", size.get("as_symint", {}))
    said = str(found.get("expr_str", "?")) if isinstance(found, dict) else "?"
    return re.sub(r"Symbol\('(\w+)'[^()]*\)", r"\1", said)


def _call(node: Any) -> Call:
    args = {str(each["name"]): argument(each["arg"]) for each in node["inputs"]}
    outputs = [name for each in node["outputs"] for name in _names(each)]
    path, cls = module_of(node.get("metadata", {}).get("nn_module_stack", ""))
    return Call(str(node["target"]), args, tuple(outputs), path, cls)


def _names(output: Any) -> list[str]:
    ((kind, held),) = output.items()
    if kind == "as_tensor":
        return [str(held["name"])]
    if kind in ("as_tensors", "as_optional_tensors"):
        parts = [each.get("as_tensor", each) if isinstance(each, dict) else {} for each in held]
        return [str(each.get("name", "")) for each in parts]
    if kind in ("as_sym_int", "as_sym_bool", "as_sym_float"):
        return [str(held.get("as_name", ""))]
    return [""]


def argument(arg: Any) -> Any:
    """Return the value of an argument: numbers, words, lists, None, or the name of a tensor."""
    ((kind, held),) = arg.items()
    if kind == "as_none":
        return None
    if kind == "as_tensor":
        return Ref(str(held["name"]))
    if kind in ("as_tensors", "as_nested_tensors"):
        return [Ref(str(each["name"])) for each in held]
    if kind == "as_optional_tensors":
        return [argument(each) for each in held]
    if kind in ("as_sym_int", "as_sym_bool", "as_sym_float"):
        return _symbol(held)
    if kind in ("as_sym_ints", "as_sym_bools", "as_sym_floats"):
        return [_symbol(each) for each in held]
    if kind == "as_optional_tensor":
        return argument(held)
    if kind in ("as_graph", "as_custom_obj"):
        raise ModelFault("a graph within the graph, which archcalc does not read")
    return held


def _symbol(held: Any) -> Any:
    if "as_name" in held:
        return Ref(str(held["as_name"]))
    return next(iter(held.values()))


def module_of(stack: str) -> tuple[str, str]:
    """Return path and class of the innermost module of a stack, as the file writes it."""
    last = stack.split(";")[-1].split(",")
    if len(last) < 3:
        return "", ""
    return last[1], last[2].rpartition(".")[2]
