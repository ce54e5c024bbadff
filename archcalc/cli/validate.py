"""``archcalc validate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed
from archcalc.cli.request import Request
from archcalc.cli.streams import announce_standard_input, say, write
from archcalc.cli.types import Words
from archcalc.errors import ArchcalcError, SpecError, printable

if TYPE_CHECKING:
    from archcalc.validation import Validation

MAX_REMARKS = 50
"""Remarks on one file that are listed."""


@click.command("validate", short_help="Check a spec and point at every mistake.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=completed("networks"))
@click.option("-f", "--format", type=Words(["text", "github"], {"table": "text"}), default="text", show_default=True,
              help="Output format; github: annotations of a workflow.")  # fmt: skip
@click.pass_context
def command(context: click.Context, files: tuple[str, ...], format: str) -> None:
    """Check each FILE (- is standard input) and report every mistake in it with its line and column.

    \b
    Examples:
      archcalc validate my_net.yaml
      archcalc validate nets/                    every .yaml and .yml in it
      archcalc validate nets/*.yaml --format github

    A folder means the spec files in it and its subfolders, except names that begin with _ or a dot. Every network
    of a file is expanded for its own input. Published figures and expectations are read, not checked (archcalc check
    does that). Remarks point out what is allowed but may be a mistake: unused arguments, rows and columns that no
    window reaches. The exit status is 3 if a spec is invalid, 2 if a file cannot be read.
    """
    if "-" in files:
        announce_standard_input()
    statuses = [_validated(name, for_github=format == "github") for name in Request(networks=files).names]
    context.exit(max(statuses))


def _validated(name: str, *, for_github: bool) -> int:
    """Validate a file and say what is found; return the exit status."""
    from archcalc.render.formats.github import of_error, of_remarks
    from archcalc.validation import validate

    try:
        valid = validate(name)
    except ArchcalcError as error:
        if for_github:
            write(of_error(error))
        say(str(error))
        is_in_spec = isinstance(error, SpecError)
        return max(error.exit_status, 0 if is_in_spec else 2)
    if for_github:
        write(of_remarks(name, valid.remarks[:MAX_REMARKS]))
    write(_shown(printable(name), valid))
    return 0


def _shown(file: str, valid: Validation) -> str:
    number = len(valid.names)
    networks = "1 network" if number == 1 else f"{number:,} networks"
    lines = [f"{file}: ok, {networks} ({', '.join(valid.names)})"]
    lines += [f"{file}: remark: {printable(text)}" for text in valid.remarks[:MAX_REMARKS]]
    if len(valid.remarks) > MAX_REMARKS:
        lines.append(f"{file}: and {len(valid.remarks) - MAX_REMARKS:,} more remarks")
    return "\n".join(lines) + "\n"
