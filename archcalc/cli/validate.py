"""``archcalc validate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed
from archcalc.cli.streams import say, write
from archcalc.errors import ArchcalcError, SpecError, printable

if TYPE_CHECKING:
    from archcalc.validation import Validation

MAX_REMARKS = 50
"""Remarks on one file that are listed."""


@click.command("validate", short_help="Check a spec and point at every mistake.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=completed("files"))
@click.pass_context
def command(context: click.Context, files: tuple[str, ...]) -> None:
    """Check each FILE (- is standard input) and report every mistake in it with its line and column.

    \b
    Examples:
      archcalc validate my_net.yaml
      archcalc validate nets/*.yaml

    Every network of the file is expanded for its own input. Published figures and expectations are read, not checked
    (archcalc check does that). Remarks point out what is allowed but may be a mistake: unused arguments, rows and
    columns that no window reaches. The exit status is 3 if a spec is invalid, 2 if a file cannot be read.
    """
    from archcalc.validation import validate

    status = 0
    for file in files:
        try:
            valid = validate(file)
        except ArchcalcError as error:
            say(str(error))
            status = max(status, error.exit_status)
            if not isinstance(error, SpecError):
                continue
        else:
            write(_shown(printable(file), valid))
    context.exit(status)


def _shown(file: str, valid: Validation) -> str:
    number = len(valid.names)
    networks = "1 network" if number == 1 else f"{number:,} networks"
    lines = [f"{file}: ok, {networks} ({', '.join(valid.names)})"]
    lines += [f"{file}: remark: {printable(text)}" for text in valid.remarks[:MAX_REMARKS]]
    if len(valid.remarks) > MAX_REMARKS:
        lines.append(f"{file}: and {len(valid.remarks) - MAX_REMARKS:,} more remarks")
    return "\n".join(lines) + "\n"
