"""``archcalc schema``."""

from __future__ import annotations

import click

from archcalc.cli.options import output_file
from archcalc.cli.output import deliver


@click.command("schema", short_help="Print the JSON Schema of specs, for editors.")
@output_file
def command(output: str | None) -> None:
    """Print the JSON Schema (draft 2020-12) of spec files: words, operations, settings, quantities.

    \b
    Examples:
      archcalc schema -o archcalc.schema.json

    An editor with the YAML language server (VS Code's YAML extension, Neovim, Emacs, Helix ...) completes and checks
    a spec with this as its first line, FILE relative to the spec:

    \b
      # yaml-language-server: $schema=archcalc.schema.json

    archcalc validate checks what an editor cannot: names of blocks, formulas, shapes.
    """
    from json import dumps

    from archcalc.render.schema import schema

    deliver(dumps(schema(), indent=1, ensure_ascii=False) + "\n", output)
