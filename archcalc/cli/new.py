"""``archcalc new``."""

from __future__ import annotations

import click

from archcalc.cli.options import completed, size_and_set
from archcalc.cli.request import Request, requested
from archcalc.cli.streams import write

STARTER = """\
# {file}: a network, one row, one line. The language is described in docs/spec-format.md.
#
#   archcalc show {path}        its layer table
#   archcalc validate {path}    every mistake in it, with its place
#   archcalc check {path}       what `expect` below says, and published figures
#
# For completion and checks in your editor, run `archcalc schema -o archcalc.schema.json`
# and make this the first line of the file:
{modeline}

name: {name}
title: {title}
input: [3, 32, 32]               # channels, height, width

args: {{width: 32}}                # formulas use it; archcalc show {path} --set width=64

blocks:                          # a block is a named piece of network with arguments
  conv_bn_relu:
    args: {{filters: , stride: 1}}
    layers:
      - {{conv: {{filters: =filters, kernel: 3, stride: =stride, pad: 1, bias: false}}}}
      - bn
      - relu
  residual:
    layers:
      - add:                     # branches side by side, joined; [] passes on what flows in
          - []
          - [{{conv_bn_relu: =in_channels}}, {{conv_bn_relu: =in_channels}}]

layers:                          # each takes what the one before it gives: write sizes of kernels, never of maps
  - {{name: conv1, conv_bn_relu: =width}}
  - {{name: pool1, max_pool: 2}}
  - {{name: conv2_x, residual: , repeat: 2}}
  - {{name: down3, conv_bn_relu: [=2*width, 2]}}
  - {{name: conv3_x, residual: , repeat: 2}}
  - {{name: pool5, global_avg_pool}}
  - {{name: fc, fc: 10}}
  - softmax

expect:                          # archcalc check fails where this does not hold
  params: <= 250K
  memory: "< 2MB"                # what begins with > needs quotes

# published:                     # figures printed about the network, checked as well
#   - {{params: 205K, cite: doe2020, where: table 1}}
# cite: {{key: doe2020, title: The paper, year: 2020, url: https://example.org}}
"""


@click.command("new", short_help="Write a starter spec with comments.")
@click.argument("name", metavar="NAME")
@click.option("--from", "network", metavar="NET", help="Start from this network instead of the small example.",
              shell_complete=completed("networks"))  # fmt: skip
@size_and_set
@click.option(
    "-o", "--output", metavar="FILE", help="File to write; - for the terminal.  [default: NAME.yaml]",
    shell_complete=completed("files"),
)  # fmt: skip
@click.pass_context
@requested
def command(context: click.Context, request: Request, name: str) -> None:
    """Write a starter spec for a network called NAME: small, commented, and valid as it is.

    \b
    Examples:
      archcalc new my_net                        writes my_net.yaml
      archcalc new my_net -o nets/my_net.yaml
      archcalc new my_net -o - | archcalc show -
      archcalc new my_net --from resnet50 --set n4=23

    With --from, it is the spec of that network (archcalc spec), without its published figures. An existing file is
    never overwritten.
    """
    from archcalc.cli.files import create
    from archcalc.errors import printable

    output = context.params["output"]
    if not request.networks and (request.settings or request.sizes):
        raise click.UsageError("--set and --input belong to --from NET", context)
    text, file = starter(name, output)
    if request.networks:
        text = request.own_spec(named(name))
    if output == "-":
        write(text)
        return
    create(text, file)
    path = _shell(file)
    write(f"{printable(file)} written. Next: archcalc show {path}, archcalc check {path}\n")


def starter(name: str, output: str | None = None) -> tuple[str, str]:
    """Return the starter spec for a name, and the file that it belongs in."""
    from archcalc.errors import RequestError, printable
    from archcalc.language.items import read_name
    from archcalc.render.schema import MODELINE
    from archcalc.text.tree import NodeError, Scalar

    name = named(name)
    try:
        read_name(Scalar(name, True, 0, 0))
    except NodeError as wrong:
        raise RequestError(f"new {printable(name)}: {wrong}") from None
    file = output if output not in (None, "-") else f"{name}.yaml"
    shown = printable(file)
    title = name.replace("_", " ").replace("-", " ").strip().capitalize() or name
    words = {"file": shown, "path": _shell(shown), "modeline": MODELINE.replace("# ", "#   # ")}
    return STARTER.format(name=_quoted(name), title=_quoted(title), **words), file


def named(name: str) -> str:
    """Return the name of a network that may be given as its file's."""
    for ending in (".yaml", ".yml"):
        name = name.removesuffix(ending)
    return name


def _quoted(text: str) -> str:
    """Write text for YAML: as it is where that is safe, otherwise in quotes."""
    import re
    from json import dumps

    safe = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ._-]*", text) and text.lower() not in ("null", "true", "false")
    return text if safe else dumps(text, ensure_ascii=False)


def _shell(file: str) -> str:
    """Write a file name as one word of a shell's line: that of POSIX systems, or of Windows."""
    import os
    from shlex import quote

    if os.name == "nt":
        return f'"{file}"' if " " in file else file
    return quote(file)
