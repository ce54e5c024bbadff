"""Models in a framework's own process: exported there, and read as its files are. Only this imports frameworks."""

from __future__ import annotations

import operator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from archcalc.errors import RequestError
from archcalc.exchange.readers.torch.program import Call, Program, Ref
from archcalc.exchange.reading import read_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archcalc.exchange.graph import Graph
    from archcalc.exchange.operands import Operands

SHOWN = 300
"""Characters of a framework's own error."""


def graph_of_torch(model: Any, input_size: Any, dtypes: Sequence[Any] | None = None) -> Graph:
    """Export a PyTorch module for an input and return its graph; the module is left as it was.

    ``input_size`` is that of the input, with the batch in front or without, or a list of sizes of several inputs;
    ``dtypes`` are their types where they are not float32 (numbers of words are torch.int64). Raise RequestError where
    torch is missing or the module does not run on that input, ModelError for what is not understood.
    """
    try:
        import torch  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise RequestError("from_torch needs PyTorch (pip install torch)") from None
    sizes = _sizes(input_size)
    if not isinstance(model, torch.nn.Module):
        raise RequestError(f"from_torch takes a torch.nn.Module, not a {type(model).__name__}")
    with _evaluating(model):
        program = _exported(torch, model, sizes, dtypes)
    name = type(model).__name__

    def reader(net: Operands) -> str:
        from archcalc.exchange.readers.torch.reader import read

        return read(name, program_of(torch, program, name), {}, net)

    return read_with(name, "PyTorch", reader)


def _sizes(given: Any) -> list[tuple[int, ...]]:
    """Return the sizes of the inputs, each a tuple."""
    try:
        sizes = [given] if all(isinstance(length, int) for length in given) else list(given)
        found = [tuple(int(length) for length in size) for size in sizes]
    except TypeError:
        raise RequestError(f"input_size is a size such as (3, 224, 224), or a list of sizes, not {given!r}") from None
    if not found or any(not size or min(size) < 1 for size in found):
        raise RequestError(f"input_size is a size such as (3, 224, 224), or a list of sizes, not {given!r}")
    return found


@contextmanager
def _evaluating(model: Any) -> Iterator[None]:
    """Put a module into evaluation mode, and each part of it back into its own."""
    modes = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        yield
    finally:
        for module, training in modes:
            module.training = training


def _exported(torch: Any, model: Any, sizes: list[tuple[int, ...]], dtypes: Sequence[Any] | None) -> Any:
    """Export a module; a size of three may lack the batch, or be that of a sequence."""
    held = next(iter(model.parameters()), next(iter(model.buffers()), None))
    device = held.device if held is not None else "cpu"
    types = list(dtypes) if dtypes is not None else [None] * len(sizes)
    if len(types) != len(sizes):
        raise RequestError(f"{len(types)} dtypes for {len(sizes)} inputs")
    usual = held.dtype if held is not None and held.is_floating_point() else torch.float32
    forms = [[(1, *size) if len(size) in (1, 3) else size for size in sizes], sizes]
    errors = []
    for form in forms if forms[0] != forms[1] else forms[:1]:
        try:
            example = tuple(
                torch.zeros(size, dtype=type or usual, device=device) for size, type in zip(form, types, strict=True)
            )
            with torch.no_grad():
                return torch.export.export(model, example, strict=False)
        except Exception as error:
            errors.append(error)
    said = " ".join(str(errors[0]).split())[:SHOWN]
    shown = ", ".join(str(size) for size in sizes)
    raise RequestError(f"torch.export cannot run {type(model).__name__} on {shown}: {type(errors[0]).__name__}: {said}")


def program_of(torch: Any, exported: Any, name: str) -> Program:
    """Return what a graph needs of a torch.export.ExportedProgram."""
    weights: dict[str, tuple[str, bool]] = {}
    inputs: list[str] = []
    nodes = {node.name: node for node in exported.graph.nodes}
    for spec in exported.graph_signature.input_specs:
        kind = spec.kind.name
        if kind in ("PARAMETER", "BUFFER", "CONSTANT_TENSOR"):
            weights[spec.arg.name] = (str(spec.target), kind == "PARAMETER")
        elif kind == "USER_INPUT" and isinstance(nodes[spec.arg.name].meta.get("val"), torch.Tensor):
            inputs.append(spec.arg.name)
    outputs = [
        spec.arg.name
        for spec in exported.graph_signature.output_specs
        if spec.kind.name == "USER_OUTPUT" and getattr(spec.arg, "name", None)
    ]
    sizes = {
        node.name: tuple(length if isinstance(length, int) else str(length) for length in node.meta["val"].shape)
        for node in nodes.values()
        if isinstance(node.meta.get("val"), torch.Tensor)
    }
    calls = tuple(_call(node) for node in nodes.values() if node.op == "call_function" and node.target is not GETITEM)
    return Program(calls, tuple(inputs), tuple(outputs), weights, sizes, name)


GETITEM = operator.getitem


def _call(node: Any) -> Call:
    schema = getattr(node.target, "_schema", None)
    names = [argument.name for argument in schema.arguments] if schema else [f"arg{at}" for at in range(len(node.args))]
    args = {name: _argument(value) for name, value in zip(names, node.args, strict=False)}
    args.update({name: _argument(value) for name, value in node.kwargs.items()})
    value = node.meta.get("val")
    outputs: tuple[str, ...] = (node.name,)
    if isinstance(value, list | tuple):
        taken = {user.args[1]: user.name for user in node.users if user.target is GETITEM}
        outputs = tuple(taken.get(at, "") for at in range(len(value)))
    stack = list(node.meta.get("nn_module_stack", {}).values())
    path, cls = (stack[-1][0], stack[-1][1]) if stack else ("", "")
    target = f"torch.ops.{node.target}" if schema else f"{node.target.__module__}.{node.target.__name__}"
    kind = cls if isinstance(cls, str) else cls.__name__
    return Call(target, args, outputs, str(path), kind.rpartition(".")[2])


def _argument(value: Any) -> Any:
    if hasattr(value, "op") and hasattr(value, "target"):  # a node of the graph
        return Ref(value.name)
    if isinstance(value, list | tuple):
        return [_argument(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def graph_of_keras(model: Any) -> Graph:
    """Return the graph of a Keras model in process, by its own configuration.

    Raise RequestError for what is no model of Keras, or one without a configuration; ModelError for what is not
    understood.
    """
    try:
        held = model.to_json()
    except AttributeError:
        raise RequestError(f"from_keras takes a model of Keras, not a {type(model).__name__}") from None
    except Exception as error:
        raise RequestError(f"{type(model).__name__} has no configuration: {error}") from None
    name = str(getattr(model, "name", "") or type(model).__name__)

    def reader(net: Operands) -> str:
        from archcalc.exchange.files import as_json
        from archcalc.exchange.readers.keras.reader import read

        return read(name, as_json(held.encode()), {}, net)

    return read_with(name, "Keras", reader)
