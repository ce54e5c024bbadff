"""Hold exported ONNX, Caffe, SCALE-Sim and Timeloop files against the networks that they were written of.

    python docs/check_exports.py                     # the whole zoo and all library models
    python docs/check_exports.py resnet50 torchvision:swin_t -o page.md

ONNX files go through ``onnx.checker`` and strict shape inference, with and without the sizes that the file gives, where
the onnx package is installed; ONNX and Caffe files come back through archcalc's own import. SCALE-Sim's and Timeloop's
MACs are computed by those programs' formulas. With ``-o FILE`` the table is written to a page.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import ArchcalcError, RequestError
from archcalc.exchange.importing import import_file
from archcalc.export.targets import export
from archcalc.zoo import every_spec, find, library_models

if TYPE_CHECKING:
    from archcalc.engine.report import Report

TITLE = """# Exported files, checked with ONNX and the formulas of accelerator models

Written by `python docs/check_exports.py -o docs/exports-checked.md`, with onnx {version}; do not edit it by hand.

Every network of the zoo and every library model is exported to ONNX, Caffe, SCALE-Sim and Timeloop. *onnx* is the
number of nodes of a file that `onnx.checker` accepts, and for which strict shape inference gives archcalc's output
sizes, even with the sizes in the file removed. *back* is the length of the spec that `archcalc import` makes from that
file, with the same parameters and MACs. *caffe* is the number of layers of a file that can be imported again in the
same way. *scalesim* and *timeloop* are the numbers of rows and documents, whose MACs by those programs' own formulas
equal archcalc's. A dash means that the program cannot express the network; the reason is given below the table.
"""

FAILED = "**failed**"


class Result(NamedTuple):
    """One network: what came of each target, and the sentences of what was refused."""

    network: str
    params: int
    macs: int
    onnx: str
    back: str
    caffe: str
    scalesim: str
    timeloop: str
    refused: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether all that was written is right."""
        return FAILED not in self


def names() -> list[str]:
    """Return the names of all networks of the zoo, then of all library models."""
    zoo = [spec.name for spec in every_spec()]
    return zoo + [f"{library}:{model}" for library, models in library_models().items() for model in models]


def checked(name: str) -> Result:
    """Export a network for each program, and check what was written."""
    report = count(expand(find(name)), setup(1, "float32"))
    refused: list[str] = []

    def attempt(target: str, check: Any) -> Any:
        try:
            return check(export(report, target).data)
        except RequestError as error:
            refused.append(str(error))
            return "–"

    onnx = attempt("onnx", lambda data: (of_onnx(data, report), way_back(data, ".onnx", report)))
    graph, back = onnx if isinstance(onnx, tuple) else (onnx, onnx)
    caffe = attempt("caffe", lambda text: text.count("\nlayer {") if way_back(text, ".prototxt", report) else FAILED)
    scalesim = attempt("scalesim", lambda text: text.count("\n") - 1 if of_scalesim(text) == report.macs else FAILED)
    timeloop = attempt("timeloop", lambda text: text.count("problem:") if of_timeloop(text) == report.macs else FAILED)
    held = (graph, back or FAILED, caffe, scalesim, timeloop)
    return Result(report.name if ":" not in name else name, report.params, report.macs, *map(str, held), tuple(refused))


def of_onnx(data: bytes, report: Report) -> str:
    """Return how many nodes a file has that ONNX accepts, and finds the same sizes in."""
    import onnx

    model = onnx.load_from_string(data)
    onnx.checker.check_model(model, full_check=True)
    given = sizes(model.graph)
    bare = onnx.load_from_string(data)
    del bare.graph.value_info[:]
    for each in (model, bare):
        found = sizes(onnx.shape_inference.infer_shapes(each, check_type=True, strict_mode=True, data_prop=True).graph)
        if found != given:
            return FAILED
    outputs = {layer.name: tuple(layer.output) for layer in report.layers if layer.inputs}
    same = all(given.get(layer) in ((1, *shape), (1, math.prod(shape))) for layer, shape in outputs.items())
    return f"{len(model.graph.node):,}" if same else FAILED


def sizes(graph: Any) -> dict[str, tuple[int, ...]]:
    """Return the sizes of tensors by name."""
    values = [*graph.value_info, *graph.output]
    return {value.name: tuple(axis.dim_value for axis in value.type.tensor_type.shape.dim) for value in values}


def way_back(data: bytes | str, ending: str, report: Report) -> int:
    """Return the lines of the spec that a file is imported as; 0 where its totals are not the network's."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"network{ending}"
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
        imported = import_file(os.fspath(file))
    assert imported is not None
    read = count(expand(imported.spec), setup(1, "float32"))
    same = (read.params, read.macs, read.totals.buffers) == (report.params, report.macs, report.totals.buffers)
    return sum(1 for line in imported.text.splitlines() if line.strip()) if same else 0


def of_scalesim(text: str) -> int:
    """Return the MACs that SCALE-Sim computes of a topology (topology_utils.py)."""
    found = 0
    for line in text.splitlines()[1:]:
        name, *cells = line.split(",")[:-1]
        height, width, kernel_h, kernel_w, channels, filters, stride = map(int, cells)
        times, channels = (channels, 1) if "DP" in name else (1, channels)
        places = [
            math.ceil((side - kernel + stride) / stride) for side, kernel in ((height, kernel_h), (width, kernel_w))
        ]
        found += times * math.prod(places) * kernel_h * kernel_w * channels * filters
    return found


def of_timeloop(text: str) -> int:
    """Return the MACs of a stream of problems: the products of their dimensions."""
    found = 0
    for line in re.findall(r"instance: \{(.*)\}", text):
        given = dict(pair.split(": ") for pair in line.split(", "))
        found += math.prod(int(given[dimension]) for dimension in "GCMRSNPQ")
    return found


def page(results: list[Result]) -> str:
    """Return the table as Markdown."""
    import onnx

    head = ("network", "params", "MACs", "onnx", "back", "caffe", "scalesim", "timeloop")
    rows = [(each.network, f"{each.params:,}", f"{each.macs:,}", *each[3:8]) for each in results]
    lines = [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]
    written = {
        word: sum(each[place] not in ("–", FAILED) for each in results)
        for place, word in ((3, "ONNX"), (5, "Caffe"), (6, "SCALE-Sim"), (7, "Timeloop"))
    }
    failed = sum(not each.agrees for each in results)
    counts = ", ".join(f"{number} for {word}" for word, number in written.items())
    found = f"{len(results)} networks: written and right are {counts}; {failed or 'none'} failed."
    title = TITLE.format(version=onnx.__version__)
    return "\n".join([title, found, "", *lines, "", "## What is refused", "", *_refusals(results)]) + "\n"


def _refusals(results: list[Result]) -> list[str]:
    """Return the sentences, each once, without the name of the layer, and the networks that it is about."""
    about: dict[str, list[str]] = {}
    for each in results:
        for sentence in each.refused:
            about.setdefault(re.sub(r" \([^()]*\): ", ": ", sentence, count=1), []).append(each.network)
    return [f"- {sentence} ({', '.join(networks)})" for sentence, networks in sorted(about.items())]


def main() -> None:
    """Check the networks that the command line names, or all of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "networks", nargs="*", metavar="NET", help="networks of the zoo and library models; all of them"
    )
    parser.add_argument("-o", metavar="FILE", dest="output", help="write the table as a page")
    asked = parser.parse_args()
    results: list[Result] = []
    for name in asked.networks or names():
        try:
            results.append(checked(name))
        except ArchcalcError as error:
            print(name, error, file=sys.stderr)
            raise SystemExit(1) from None
        if not results[-1].agrees:
            print(*results[-1], flush=True)
    if asked.output:
        Path(asked.output).write_text(page(results), encoding="utf-8")
    print(f"{sum(each.agrees for each in results)} of {len(results)} agree")
    sys.exit(0 if all(each.agrees for each in results) else 1)


if __name__ == "__main__":
    main()
