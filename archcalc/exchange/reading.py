"""From a file of another program to a graph: what it is, its reader, and errors that say where in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc.errors import Mistake, ModelError, SpecError, printable
from archcalc.exchange.detect import kind_of
from archcalc.exchange.files import archive, as_json, as_text, member, opened
from archcalc.exchange.idioms import simplify
from archcalc.exchange.lowering import lower
from archcalc.exchange.operands import Operands
from archcalc.exchange.tensors import ModelFault, TextFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from archcalc.exchange.files import Data
    from archcalc.exchange.graph import Graph

FORMATS = {
    "onnx": "ONNX", "pt2": "PyTorch", "keras": "Keras", "keras-json": "Keras", "caffe": "Caffe",
    "darknet-cfg": "Darknet",
}  # fmt: skip

BROKEN = (ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError, AssertionError)
"""What hostile numbers and names can lead to that no reader foresaw."""


def read(path: str, sizes: Mapping[str, tuple[int, ...]] | None = None) -> Graph | None:
    """Read a network from another program's file; None where the file is none such, and may be a spec.

    ``sizes`` fill what a file leaves open: by the name of an input, or under the empty name for every other one.
    Raise ModelError or SpecError where the file is broken or not understood, RequestError where a size is needed or
    the file holds no graph.
    """
    with opened(path) as data:
        return read_data(path, data, sizes)


def read_data(path: str, data: Data, sizes: Mapping[str, tuple[int, ...]] | None = None) -> Graph | None:
    """Read a network from bytes that are at hand, as a file of that name."""
    net = Operands()
    text: list[str] = []
    try:
        kind = kind_of(path, data)
        if kind is None:
            return None
        name = _read(path, kind, data, sizes or {}, net, text)
        simplify(net)
        return lower(net, path, FORMATS[kind], name)
    except ModelFault as fault:
        raise error_at(path, text[0] if text else None, net, fault) from None
    except BROKEN as error:
        unforeseen = ModelFault(f"archcalc cannot interpret it ({type(error).__name__}: {str(error)[:200]})")
        raise error_at(path, text[0] if text else None, net, unforeseen) from error


def read_with(name: str, format: str, reader: Callable[[Operands], str]) -> Graph:
    """Return the graph of a net that a reader makes of what is no file; raise ModelError as ``read`` does."""
    net = Operands()
    try:
        own = reader(net)
        simplify(net)
        return lower(net, name, format, own)
    except ModelFault as fault:
        raise error_at(name, None, net, fault) from None
    except BROKEN as error:
        unforeseen = ModelFault(f"archcalc cannot interpret it ({type(error).__name__}: {str(error)[:200]})")
        raise error_at(name, None, net, unforeseen) from error


def _read(
    path: str, kind: str, data: Data, sizes: Mapping[str, tuple[int, ...]], net: Operands, text: list[str]
) -> str:
    """Hand a file to its reader; ``text`` takes what was decoded, for errors to show."""
    if kind == "onnx":
        from archcalc.exchange.readers.onnx import reader as onnx

        return onnx.read(path, data, sizes, net)
    if kind == "pt2":
        from archcalc.exchange.readers.torch import reader as torch
        from archcalc.exchange.readers.torch.program import of_json

        return torch.read(path, of_json(_member_of(data, PROGRAMS)), sizes, net)
    if kind in ("keras", "keras-json"):
        from archcalc.exchange.readers.keras import reader as keras

        held = _member_of(data, ("config.json",)) if kind == "keras" else as_json(bytes(data))
        return keras.read(path, as_json(held.encode()) if isinstance(held, str) else held, sizes, net)
    text.append(as_text(data))
    if kind == "caffe":
        from archcalc.exchange.readers.caffe import reader as caffe

        return caffe.read(path, text[0], sizes, net)
    from archcalc.exchange.readers.darknet import reader as darknet

    return darknet.read(path, text[0], sizes, net)


PROGRAMS = ("models/model.json", "serialized_exported_program.json")
"""Where PyTorch writes an exported program in its archive, now and formerly."""


def _member_of(data: Data, endings: tuple[str, ...]) -> Any:
    with archive(data) as held:
        names = [name for ending in endings for name in held.namelist() if name.endswith(ending)]
        if not names:
            raise ModelFault(f"no {endings[0]} in the archive")
        return as_json(member(held, names[0]))


def error_at(path: str, text: str | None, net: Operands, fault: ModelFault) -> ModelError | SpecError:
    """Return the error that says where in a file something is wrong."""
    origin = net.origin
    where = ""
    if origin.name and origin.op:
        number = f", node {origin.index}" if origin.index >= 0 else ""
        where = f"{printable(origin.name)} ({printable(origin.op)}{number}): "
    if isinstance(fault, TextFault) and text is not None:
        return SpecError(path, text, [Mistake(str(fault), fault.line, fault.column)])
    if text is not None and origin.line >= 0:
        return SpecError(path, text, [Mistake(f"{where}{fault}", origin.line, origin.column)])
    return ModelError(f"{printable(path)}: {where}{printable(str(fault))}")
