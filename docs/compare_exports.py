"""Hold exported sources against the networks that they were written of, where PyTorch and Keras are installed.

    python docs/compare_exports.py torch keras                # the whole zoo and all library models; takes a while
    python docs/compare_exports.py torch resnet50 keras:Xception

Each network is exported, the source is run and its model built without values (on meta tensors). Its parameters are
held against archcalc's, half of what ``torch.utils.flop_counter`` counts against its MACs, and the shape of every
output. With ``--back`` PyTorch's model also goes through ``archcalc.from_torch`` once more, and has to keep its totals.
With ``-o FILE`` the table is written to a page.
"""

from __future__ import annotations

import argparse
import os
import sys
import types
from pathlib import Path
from typing import Any, NamedTuple

from archcalc.api import from_torch
from archcalc.engine.count import count, setup
from archcalc.engine.expand import expand
from archcalc.errors import ArchcalcError, RequestError
from archcalc.export.targets import export
from archcalc.zoo import every_spec, find, library_models

TITLE = """# Exported sources beside PyTorch and Keras

Written by `python docs/compare_exports.py torch keras --back -o docs/exports-compared.md`; do not edit it by hand.

Every network of the zoo, and every library model, is exported, and its source is run: the parameters that the
framework counts as trainable, half of the FLOPs that `torch.utils.flop_counter` counts while it runs without values
(convolutions, linear layers, attention and matrix products), and the shape of every output. *back* is PyTorch's model,
read again by `archcalc.from_torch`: whether parameters and MACs are still the same. *lines* is the length of the
source. What a framework has no layer for is refused by name.
"""


class Result(NamedTuple):
    """One network in one program's words."""

    network: str
    target: str
    params: int = 0
    macs: int = 0
    own_params: int = 0
    own_macs: int = 0
    shapes: bool = False
    lines: int = 0
    back: bool | None = None
    refused: str = ""

    @property
    def agrees(self) -> bool:
        """Whether everything is the same to the last digit, or refused with a sentence."""
        same = self.params == self.own_params and self.macs == self.own_macs and self.shapes and self.back is not False
        return bool(self.refused) or same


def names() -> list[str]:
    """Return the names of all networks of the zoo, then of all library models."""
    zoo = [spec.name for spec in every_spec()]
    return zoo + [f"{library}:{model}" for library, models in library_models().items() for model in models]


def compared(name: str, target: str, *, back: bool) -> Result:
    """Export a network, build what was written, and compare."""
    report = count(expand(find(name)), setup(1, "float32"))
    try:
        text = export(report, target).data
    except RequestError as error:
        return Result(name, target, refused=str(error))
    assert isinstance(text, str)
    source = types.ModuleType("exported")
    exec(compile(text, f"<{name}>", "exec"), source.__dict__)
    build = _torch if target == "torch" else _keras
    params, macs, shapes, model, images = build(source, report)
    wanted = sorted(tuple(node.applied.output) for node in report.network.outputs if node.applied.inputs)
    returned = None
    if back and target == "torch" and len(images) == 1:
        returned = _returns(model, tuple(images[0].shape), report)
    same = sorted(shapes) == (wanted or [tuple(report.network.input)])
    lines = sum(1 for line in text.splitlines() if line.strip())
    return Result(name, target, params, macs, report.params, report.macs, same, lines, returned)


def _returns(model: Any, size: tuple[int, ...], report: Any) -> bool:
    """Whether PyTorch's model, read again, keeps its totals."""
    try:
        again = from_torch(model, size).analyze()
    except ArchcalcError as error:
        print(f"{report.name}, read again: {error}", file=sys.stderr)
        return False
    return bool((again.params, again.macs) == (report.params, report.macs))


def _torch(source: Any, report: Any) -> tuple[int, int, list[tuple[int, ...]], Any, list[Any]]:
    import torch

    (network,) = [each for each in source.__dict__.values() if isinstance(each, type)][-1:]
    images = [torch.empty((1, *shape), device="meta") for shape in report.network.inputs.values()]
    with torch.device("meta"):
        model = network().eval()
    macs, outputs = _run(model, images)
    params = sum(each.numel() for each in model.parameters() if each.requires_grad)
    return params, macs, [(*each.shape[1:], 1, 1)[:3] for each in outputs], model, images


def _keras(source: Any, report: Any) -> tuple[int, int, list[tuple[int, ...]], Any, list[Any]]:
    try:
        return _keras_on("meta", source, report)
    except Exception:  # Keras' layer that repeats places looks at values, which a meta tensor has not
        return _keras_on("cpu", source, report)


def _keras_on(device: str, source: Any, report: Any) -> tuple[int, int, list[tuple[int, ...]], Any, list[Any]]:
    import keras
    import torch

    keras.backend.clear_session()
    (build,) = [each for each in source.__dict__.values() if isinstance(each, types.FunctionType)][-1:]
    images = [
        torch.empty((1, height, width, channels), device=device)
        for channels, height, width in report.network.inputs.values()
    ]
    with keras.device(device):
        model = build()
        macs, outputs = _run(model, images if len(images) == 1 else [images])
    params = sum(_size(each) for each in model.trainable_weights)
    shapes = [(each.shape[-1], *each.shape[1:-1], 1, 1)[:3] for each in outputs]
    return params, macs, shapes, model, images


def _size(weight: Any) -> int:
    found = 1
    for length in weight.shape:
        found *= int(length)
    return found


def _run(model: Any, images: list[Any]) -> tuple[int, tuple[Any, ...]]:
    """Return half the FLOPs of a run, and its outputs."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    counter = FlopCounterMode(display=False)
    with torch.no_grad(), torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH), counter:
        outputs = model(*images)
    return counter.get_total_flops() // 2, tuple(outputs) if isinstance(outputs, tuple | list) else (outputs,)


def page(results: list[Result]) -> str:
    """Return the table as Markdown."""
    lines = [TITLE]
    for target in dict.fromkeys(result.target for result in results):
        own = [result for result in results if result.target == target]
        said = [result for result in own if not result.refused]
        returned = [result for result in said if result.back is not None]
        lines += [f"## {target}", ""]
        kept = (
            f", and {sum(map(_back, returned))} of {len(returned)} keep their totals on the way back"
            if returned
            else ""
        )
        lines += [
            f"{sum(each.agrees for each in said)} of {len(said)} are the same{kept}; "
            f"{len(own) - len(said)} are refused.",
            "",
        ]
        head = ("network", "params", "MACs", "archcalc's params", "archcalc's MACs", "outputs", "back", "lines")
        rows = [
            (
                each.network, f"{each.params:,}", f"{each.macs:,}", f"{each.own_params:,}", f"{each.own_macs:,}",
                _mark(each.shapes), "–" if each.back is None else _mark(each.back), str(each.lines),
            )
            for each in said
        ]  # fmt: skip
        lines += [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]
        lines += ["", *(f"- {each.network}: {each.refused}." for each in own if each.refused), ""]
    return "\n".join(lines).rstrip() + "\n"


def _back(result: Result) -> bool:
    return result.back is True


def _mark(same: bool) -> str:
    return "yes" if same else "**no**"


def main() -> None:
    """Run the comparison that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("words", nargs="+", metavar="TARGET|NETWORK", help="torch or keras, and networks; all if none")
    parser.add_argument("--back", action="store_true", help="also read PyTorch's models again")
    parser.add_argument("-o", metavar="FILE", dest="output", help="write the table as a page")
    asked = parser.parse_intermixed_args()
    targets = [word for word in asked.words if word in ("torch", "keras")]
    networks = [word for word in asked.words if word not in targets] or names()
    os.environ.setdefault("KERAS_BACKEND", "torch")
    sys.setrecursionlimit(100_000)  # Keras walks through a thousand layers by recursion
    results: list[Result] = []
    for target in targets:
        for name in networks:
            try:
                result = compared(name, target, back=asked.back)
            except (ArchcalcError, Exception) as error:  # what fails is one network of many
                result = Result(name, target, lines=-1)
                print(f"{name}: {type(error).__name__}: {str(error)[:300]}", file=sys.stderr)
            results.append(result)
            if not result.agrees or result.refused:
                print(*result, "refused" if result.refused else "DIFFERENT", flush=True)
    if asked.output:
        Path(asked.output).write_text(page(results), encoding="utf-8")
    agree = sum(result.agrees for result in results)
    print(f"{agree} of {len(results)}")
    sys.exit(0 if agree == len(results) else 1)


if __name__ == "__main__":
    main()
