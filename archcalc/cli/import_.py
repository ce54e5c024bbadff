"""``archcalc import``."""

from __future__ import annotations

import click

from archcalc.cli.options import completed, output_file
from archcalc.cli.output import deliver
from archcalc.cli.streams import say


@click.command("import", short_help="Write a spec from an ONNX, PyTorch, Keras, Caffe or Darknet file.")
@click.argument("file", metavar="FILE", shell_complete=completed("files"))
@output_file
@click.option("--flat", is_flag=True, help="One line per layer, grouped by the file's modules; no blocks.")
@click.option("--names", metavar="FILE.csv", help="Also write a table of the file's layers and those of the spec.")
@click.option("--strict", is_flag=True, help="Treat remarks as errors.")
@click.option(
    "-i", "--input", "size", metavar="SIZE", help="Size of an input if the file leaves it open, or NAME=SIZE."
)
def command(file: str, output: str | None, flat: bool, names: str | None, strict: bool, size: str | None) -> None:
    """Write the spec of a network in another program's FILE: repeated parts as blocks, names kept.

    \b
    Examples:
      archcalc import resnet50.onnx -o resnet50.yaml
      archcalc import deploy.prototxt            to the terminal
      archcalc import model.pt2 --flat           layer by layer
      archcalc import model.keras --input 224    a size left open
      archcalc import model.onnx -o net.yaml --names map.csv

    FILE may be .onnx, a .pt2 of torch.export, .keras or Keras' JSON, Caffe's .prototxt or Darknet's .cfg, recognised by
    its content. Weights are not read. The spec is read back, and each layer's output, parameters and MACs are compared
    with the file: a difference is an error. Remarks about the file go to standard error.

    Other commands accept such a FILE directly: archcalc show resnet50.onnx
    """
    from archcalc.errors import ModelError, RequestError, printable
    from archcalc.exchange.importing import import_bytes, import_file, map_of_names
    from archcalc.language.networks import input_sizes
    from archcalc.text.source import STANDARD_INPUT, read_standard_input

    sizes = input_sizes(size)
    if file == "-":
        imported = import_bytes(STANDARD_INPUT, read_standard_input(), sizes, flat=flat)
    else:
        imported = import_file(file, sizes, flat=flat)
    if imported is None:
        raise RequestError(
            f"{printable(file)}: not a file of ONNX, PyTorch, Keras, Caffe or Darknet; a spec needs no import"
        )
    if strict and imported.remarks:
        listed = "".join(f"\n- {printable(remark)}" for remark in imported.remarks)
        raise ModelError(f"{printable(file)}: differs from the file, and --strict is on:{listed}")
    for remark in imported.remarks:
        say(f"! {printable(remark)}")
    if names is not None:
        deliver(map_of_names(imported), names)
    deliver(imported.text, None if output == "-" else output)
