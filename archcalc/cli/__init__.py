"""The command line. Commands are imported when they are used, and only here is anything printed."""

from __future__ import annotations

from importlib import import_module

import click

from archcalc import __version__
from archcalc.errors import ArchcalcError

COMMANDS = (
    "list", "show", "compare", "explain", "check", "conventions", "why", "memory", "time", "devices", "validate", "new",
    "schema", "completion",
)  # fmt: skip


class Commands(click.Group):
    """A group whose commands live in files of their own, and whose errors are written as archcalc writes them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which help names them."""
        return [*COMMANDS]  # not list(), which is the command of that name once it is imported

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(f"archcalc.cli.{cmd_name}"), "command", None)
        return found if isinstance(found, click.Command) else None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what stands before the command; where nothing stands at all, say what to type."""
        if not args and not ctx.resilient_parsing:
            from archcalc.cli.output import say

            say(f"Usage: archcalc COMMAND [ARGUMENTS]...\n\n{_examples(self)}\n\narchcalc --help says more.")
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a line; where there is none, suggest the nearest."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from archcalc.errors import did_you_mean, printable

            hint = did_you_mean(args[0], COMMANDS) or f"; there are {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command '{printable(args[0])}'{hint}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what is wrong with the request or the spec goes to stderr, with its exit status."""
        try:
            return super().invoke(ctx)
        except ArchcalcError as error:
            from archcalc.cli.output import say

            say(str(error))
            ctx.exit(error.exit_status)
        except click.MissingParameter as error:
            if error.ctx is None or not isinstance(error.param, click.Argument):
                raise
            from archcalc.cli.output import say

            wanted = (error.param.metavar or error.param.human_readable_name).strip("[].")
            said = [error.ctx.command.get_usage(error.ctx), "", f"Missing argument {wanted}. For example:"]
            say("\n".join([*said, _examples(error.ctx.command), "", f"{error.ctx.command_path} --help says more."]))
            ctx.exit(2)
        except KeyboardInterrupt:
            ctx.exit(130)
        except MemoryError:
            from archcalc.cli.output import say

            say("not enough memory")
            ctx.exit(2)


def _examples(command: click.Command) -> str:
    """Return the examples in a command's help."""
    from textwrap import dedent, indent

    _, _, after = (command.help or "").partition("Examples:\n")
    return indent(dedent(after.partition("\n\n")[0]).rstrip(), "  ")


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="NET is a network's name (archcalc list), a spec file (my_net.yaml, family.yaml:NAME) or - (stdin).",
)
@click.version_option(__version__, "-V", "--version", message="archcalc %(version)s")
def cli() -> None:
    """Calculate what a network architecture comes to: sizes, parameters, activation memory, MACs.

    \b
    Examples:
      archcalc list                              the networks there are
      archcalc show vgg16                        layer by layer
      archcalc show alexnet --input 224          at another input size
      archcalc compare alexnet googlenet resnet50
      archcalc explain alexnet conv1             where the numbers come from
      archcalc new my_net                        start a network of your own
      archcalc validate my_net.yaml              is it right; if not, where not
      archcalc check my_net.yaml                 what it claims and expects
      archcalc completion --install              names and options by Tab
    """
