"""``archcalc export``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from archcalc.cli.options import network, output_file, settings, size
from archcalc.cli.output import deliver
from archcalc.cli.request import requested
from archcalc.cli.streams import say
from archcalc.cli.types import Words
from archcalc.export.targets import TARGETS, export

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("export", short_help="Export a network to PyTorch, Keras, ONNX, Caffe, SCALE-Sim or Timeloop.")
@network
@click.option("--to", "target", type=Words(tuple(TARGETS)), required=True, help="The program to write for.")
@size
@settings
@output_file
@requested
def command(request: Request, target: str) -> None:
    """Write a network for another program.

    \b
    Examples:
      archcalc export resnet50 --to torch -o resnet50.py
      archcalc export vgg16 --to keras           to the terminal
      archcalc export my_net.yaml --to onnx -o my_net.onnx
      archcalc export alexnet --to caffe -o deploy.prototxt
      archcalc export resnet50 --to scalesim -o resnet50.csv
      archcalc export resnet50 --to timeloop -o layers/

    torch and keras are sources with the spec's blocks as classes and functions. onnx is a file without weights, which
    are inputs of its graph; caffe is a deploy file. scalesim and timeloop are the layers with multiplications, for
    models of accelerators: one row, or one YAML document (in a folder, one file) each.

    One image, without training-only branches. What the program cannot express is refused, with the layer's name.

    NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (standard input).
    """
    from archcalc.errors import printable

    exported = export(request.report, target)
    for remark in exported.remarks:
        say(f"! {printable(remark)}")
    output = request.output or ""
    if TARGETS[target].has_files and (output.endswith(("/", os.sep)) or os.path.isdir(output)):
        from archcalc.cli.files import save_all

        save_all(exported.files, output)
    else:
        deliver(exported.data, request.output)
