"""Hold archcalc against PyTorch, Keras and ONNX, where they are installed: parameters, MACs and shapes of their models.

    python docs/compare_with_frameworks.py torchvision keras          # all of them; takes a while
    python docs/compare_with_frameworks.py torchvision:resnet50 --onnx exported/

Parameters are what the framework counts itself, MACs half of what torch.utils.flop_counter counts. Each classifier of
torchvision goes through torch.export in process and, with ``--onnx FOLDER``, through FOLDER/NAME.onnx (written there by
torch.onnx.export where it is missing); each model of keras.applications goes through to_json. With ``-o FILE`` the
table is written to a page.
"""

from __future__ import annotations

import argparse
import inspect
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.api import from_keras, from_torch
from archcalc.exchange.importing import import_file

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = """# archcalc beside PyTorch, Keras and ONNX

Written by `python docs/compare_with_frameworks.py torchvision keras --onnx FOLDER -o docs/imports-compared.md`; do not
edit it by hand.

Each model is built by its library, without trained weights, and read by archcalc: PyTorch's through `torch.export` (in
memory) and through the ONNX file of `torch.onnx.export`, Keras' through `to_json`. Parameters are those that the
library counts as trainable; MACs are half of what PyTorch's own counter (`torch.utils.flop_counter`) finds while the
model runs. ONNX files have batch norm folded into convolutions, so they have fewer parameters and only MACs are
compared. *lines* is the length of the folded spec. NASNetMobile is left out: Keras refuses it on PyTorch. The ONNX
files of SwinV2 have fewer MACs than its modules: the exporter computes the first product of each network of positions
in advance, because its input never changes.
"""


class Result(NamedTuple):
    """One model by one way: what the library counts and what archcalc does."""

    model: str
    way: str
    params: int
    macs: int
    own_params: int | None
    own_macs: int
    lines: int

    @property
    def agrees(self) -> bool:
        """Whether both are the same to the last digit."""
        return self.own_macs == self.macs and self.own_params in (None, self.params)


def torchvision_models(wanted: str, folder: str | None) -> Iterator[Result]:
    """Yield the results of torchvision's classifiers."""
    import torch
    from torchvision import models

    for name in models.list_models(module=models):
        if wanted and name != wanted:
            continue
        model = _built(torch, models, name)
        side = min(weights.transforms().crop_size[0] for weights in models.get_model_weights(name))
        size = (1, 3, side, side)
        params = sum(each.numel() for each in model.parameters())
        macs = _flops(torch, model, torch.empty(size, device="meta")) // 2
        read = from_torch(model, size)
        report = read.analyze()
        yield Result(name, "torch.export", params, macs, report.params, report.macs, _lines(read.spec()))
        if folder is not None:
            imported = import_file(_onnx_file(torch, models, name, size, folder))
            assert imported is not None
            yield Result(name, "ONNX", params, macs, None, imported.graph.macs, _lines(imported.text))


def _built(torch: Any, models: Any, name: str, device: str = "meta") -> Any:
    """Build a model; heads for training are left out, as they do not run."""
    more = {"aux_logits": False, "init_weights": False} if name in ("googlenet", "inception_v3") else {}
    try:
        with torch.device(device):
            return models.get_model(name, weights=None, **more).eval()
    except (NotImplementedError, RuntimeError):  # its initial weights depend on values, which meta tensors have not
        return models.get_model(name, weights=None, **more).eval().to(device)


def _flops(torch: Any, model: Any, image: Any) -> int:
    from torch.utils.flop_counter import FlopCounterMode

    counter = FlopCounterMode(display=False)
    with torch.no_grad(), torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH), counter:
        model(image)
    return int(counter.get_total_flops())


def _onnx_file(torch: Any, models: Any, name: str, size: tuple[int, ...], folder: str) -> str:
    path = Path(folder) / f"{name}.onnx"
    if not path.exists():
        model = _built(torch, models, name, "cpu")
        torch.onnx.export(model, (torch.zeros(size),), str(path), dynamo=True)
    return str(path)


def keras_models(wanted: str) -> Iterator[Result]:
    """Yield the results of keras.applications, with Keras' torch backend, which can count work."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras
    import torch

    applications = keras.applications
    for name in sorted(name for name in dir(applications) if inspect.isfunction(getattr(applications, name))):
        if wanted and name != wanted:
            continue
        keras.backend.clear_session()
        build = getattr(applications, name)
        try:
            with keras.device("meta"):
                model = build(weights=None)
                if None in model.input_shape[1:]:
                    model = build(weights=None, input_shape=(224, 224, 3))
                macs = _flops(torch, model, torch.empty((1, *model.input_shape[1:]), device="meta")) // 2
        except ValueError as error:
            print(f"{name}: {error}", file=sys.stderr)
            continue
        params = sum(_size(weight) for weight in model.trainable_weights)
        read = from_keras(model)
        report = read.analyze()
        yield Result(name, "to_json", params, macs, report.params, report.macs, _lines(read.spec()))


def _size(weight: Any) -> int:
    found = 1
    for length in weight.shape:
        found *= int(length)
    return found


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def page(results: list[Result]) -> str:
    """Return the table as Markdown."""
    agree = sum(result.agrees for result in results)
    by_way = {way: [each for each in results if each.way == way] for way in dict.fromkeys(each.way for each in results)}
    ways = ", ".join(
        f"{sum(each.agrees for each in found)} of {len(found)} through {way}" for way, found in by_way.items()
    )
    head = ("model", "through", "params", "MACs", "archcalc's params", "archcalc's MACs", "same", "lines")
    rows = [
        (
            result.model, result.way, f"{result.params:,}", f"{result.macs:,}",
            "–" if result.own_params is None else f"{result.own_params:,}", f"{result.own_macs:,}",
            "yes" if result.agrees else "**no**", str(result.lines),
        )
        for result in results
    ]  # fmt: skip
    lines = [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]
    return "\n".join([TITLE, f"Same in {agree} of {len(results)}: {ways}.", "", *lines]) + "\n"


def main() -> None:
    """Run the comparison that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("models", nargs="+", metavar="LIBRARY[:MODEL]", help="torchvision, keras, or a model of theirs")
    parser.add_argument("--onnx", metavar="FOLDER", help="also through ONNX files, which are kept there")
    parser.add_argument("-o", metavar="FILE", dest="output", help="write the table as a page")
    asked = parser.parse_args()
    results: list[Result] = []
    for each in asked.models:
        library, _, name = each.partition(":")
        found = torchvision_models(name, asked.onnx) if library == "torchvision" else keras_models(name)
        for result in found:
            print(*result, "same" if result.agrees else "DIFFERENT", flush=True)
            results.append(result)
    if asked.output:
        Path(asked.output).write_text(page(results), encoding="utf-8")
    sys.exit(0 if all(result.agrees for result in results) else 1)


if __name__ == "__main__":
    main()
