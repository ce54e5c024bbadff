"""What to say of a command line that cannot be read: of options and commands that there are not."""

from __future__ import annotations

import os

import click

from archcalc.errors import ArchcalcError, did_you_mean, nearest, printable


def no_command(word: str, commands: tuple[str, ...]) -> str:
    """Say that there is no such command, and what may be meant: a command for a network, or one that is near."""
    shown = printable(word[:100])
    if word in ("version", "--Version", "-v"):
        return f"no command '{shown}': archcalc --version"
    command = _for_layers(word) or _for_network(word)
    if command:
        return f"no command '{shown}': {command}"
    listed = f"; there are {', '.join(commands)}"
    return f"no command '{shown}'{did_you_mean(word, commands) or listed}"


def _for_layers(word: str) -> str:
    from archcalc.language.typed import is_typed

    return 'it is layers: archcalc explain --input CxHxW "…"' if is_typed(word) and ":" in word else ""


def _for_network(word: str) -> str:
    """Return the command that shows a network, a file or a folder of that name, if there is one."""
    from archcalc.zoo import find_all

    if os.path.exists(word):
        return f"it is a {'folder' if os.path.isdir(word) else 'file'}: archcalc show {printable(word)}"
    try:
        several = len(find_all(word)) > 1
    except ArchcalcError:
        return ""
    return f"it is a {'family of networks' if several else 'network'}: archcalc show {printable(word)}"


def improved(error: click.ClickException) -> click.ClickException:
    """Return an error of click with the nearest option only, or with what an option is called here."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return error
    known = [name for each in error.ctx.command.params if isinstance(each, click.Option) for name in each.opts]
    formats = _formats(error.ctx.command)
    meant = formats.get(error.option_name.lstrip("-").lower())
    if meant:
        return click.UsageError(f"No such option: {error.option_name}; write -f {meant}", error.ctx)
    near = nearest(error.option_name, known)
    return click.NoSuchOption(error.option_name, possibilities=[near] if near else [], ctx=error.ctx)


def _formats(command: click.Command) -> dict[str, str]:
    """Return the formats of a command, by what people call them."""
    from archcalc.cli.types import Words

    for parameter in command.params:
        if parameter.name == "format" and isinstance(parameter.type, Words):
            own = {str(word): str(word) for word in parameter.type.choices}
            return {**{name: word for name, word in parameter.type.synonyms.items() if word in own}, **own}
    return {}
