"""``archcalc validate``."""

from __future__ import annotations

import click

from archcalc.cli.options import completed
from archcalc.cli.streams import say, write
from archcalc.errors import ArchcalcError, SpecError, printable


@click.command("validate", short_help="Is a spec right; if not, where not.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=completed("files"))
@click.pass_context
def command(context: click.Context, files: tuple[str, ...]) -> None:
    """Say of each FILE (- is standard input) whether it is a right spec, or every mistake in it with its place.

    \b
    Examples:
      archcalc validate my_net.yaml
      archcalc validate nets/*.yaml

    Every network of the file is written out. Its published figures and expectations are read, not judged (archcalc
    check does). The exit status is 3 if a spec is not right, 2 if a file cannot be read.
    """
    from archcalc.validation import validate

    status = 0
    for file in files:
        try:
            names = validate(file)
        except ArchcalcError as error:
            say(str(error))
            status = max(status, error.exit_status)
            if not isinstance(error, SpecError):
                continue
        else:
            networks = "1 network" if len(names) == 1 else f"{len(names)} networks"
            write(f"{printable(file)}: right, {networks} ({', '.join(names)})\n")
    context.exit(status)
