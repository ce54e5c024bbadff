"""The command line. Commands are imported when they are used, and only here is anything printed."""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import click

from archcalc import __version__
from archcalc.errors import ArchcalcError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    "list", "show", "draw", "chart", "report", "play", "compare", "diff", "explain", "check", "conventions", "why",
    "memory", "time", "devices", "formula", "sweep", "scale", "fit", "validate", "new", "spec", "operations", "import",
    "export", "schema", "completion", "help",
)  # fmt: skip


class Commands(click.Group):
    """A group whose commands live in files of their own, and whose errors are written as archcalc writes them."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line and end the program with its exit status; ``say`` writes all messages."""
        from archcalc.cli.streams import say, writing
        from archcalc.text.source import forget_what_was_read

        forget_what_was_read()
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        try:
            with writing():
                status = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as error:
            from archcalc.cli.usage import improved

            say(_shown(improved(error)))
            status = error.exit_code
        except click.Abort:
            status = 130
        sys.exit(status if isinstance(status, int) else 0)

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> click.Context:
        """Read a command line; a help that cannot be written ends the program as any other output would."""
        from archcalc.cli.streams import writing

        with writing():
            return super().make_context(info_name, args, *rest, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which help names them."""
        return [*COMMANDS]  # not list(), which is the command of that name once it is imported

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(f"archcalc.cli.{cmd_name}{'_' * iskeyword(cmd_name)}"), "command", None)
        return found if isinstance(found, click.Command) else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command; where there is nothing at all, say what to type.

        What begins with a dash and a blank is a list of layers, no option.
        """
        args = [f"\n{word}" if word.startswith("- ") else word for word in args]
        if not args and not ctx.resilient_parsing:
            from archcalc.cli.streams import say

            say(f"Usage: archcalc COMMAND [ARGUMENTS]...\n\n{_examples(self)}\n\nSee archcalc --help.")
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; raise UsageError with the nearest where there is no such command."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from archcalc.cli.usage import no_command

            raise click.UsageError(no_command(args[0], COMMANDS), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; errors of the request or the spec go to stderr, each kind with its exit status."""
        from archcalc.cli.streams import writing

        try:
            with writing():
                return super().invoke(ctx)
        except ArchcalcError as error:
            from archcalc.cli.streams import say

            say(str(error))
            ctx.exit(error.exit_status)
        except click.MissingParameter as error:
            if error.ctx is None or not isinstance(error.param, click.Argument):
                raise
            from archcalc.cli.streams import say

            missing = (error.param.metavar or error.param.human_readable_name).strip("[].")
            lines = [error.ctx.command.get_usage(error.ctx), "", f"Missing argument {missing}. For example:"]
            say("\n".join([*lines, _examples(error.ctx.command), "", f"See {error.ctx.command_path} --help."]))
            ctx.exit(2)
        except KeyboardInterrupt:
            ctx.exit(130)
        except MemoryError:
            from archcalc.cli.streams import say

            say("not enough memory")
            ctx.exit(2)


def _shown(error: click.ClickException) -> str:
    """Return click's message for wrong usage: how the command is used, and what is wrong."""
    import io

    text = io.StringIO()
    error.show(text)
    return text.getvalue().rstrip("\n")


def _examples(command: click.Command) -> str:
    """Return the examples in a command's help."""
    from textwrap import dedent, indent

    _, _, after = (command.help or "").partition("Examples:\n")
    return indent(dedent(after.partition("\n\n")[0]).rstrip(), "  ")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME), another program's "
    "(net.onnx, model.pt2, model.keras, deploy.prototxt, yolov3.cfg) or - (stdin).",
)
@click.version_option(__version__, "-V", "--version", message="archcalc %(version)s")
def cli() -> None:
    """Calculate sizes, parameters, activation memory and MACs of a network.

    \b
    Examples:
      archcalc list                              the networks that archcalc knows
      archcalc show vgg16                        layer by layer
      archcalc show alexnet --input 224          at another input size
      archcalc compare alexnet googlenet resnet50
      archcalc explain alexnet conv1             where the numbers come from
      archcalc new my_net                        start a network of your own
      archcalc validate my_net.yaml              every mistake in it
      archcalc check my_net.yaml                 its figures and expectations
      archcalc completion --install              complete names with Tab
    """
