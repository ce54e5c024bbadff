"""``archcalc help``."""

from __future__ import annotations

import click

from archcalc.cli.options import colors, completed


@click.command("help", short_help="Show help on a command, or a page of the documentation.")
@click.argument("subject", metavar="[COMMAND|TOPIC]", required=False, shell_complete=completed("subjects"))
@colors
@click.pass_context
def command(context: click.Context, subject: str | None) -> None:
    """Show the help of a COMMAND, or a page of the documentation.

    \b
    Examples:
      archcalc help                              commands and topics
      archcalc help show                         as archcalc show --help
      archcalc help spec-format                  the language of specs
      archcalc help memory.md                    the page, not the command memory
    """
    from archcalc.cli.output import show

    show(_overview(context) if subject is None else _about(context, subject))


def _overview(context: click.Context) -> str:
    from archcalc.cli.pages import title, topics

    assert context.parent is not None
    known = topics()
    width = max(map(len, known))
    lines = [f"  {topic:{width}}  {title(topic)}" for topic in known]
    return "\n".join([context.parent.get_help(), "", "Topics (archcalc help TOPIC):", *lines]) + "\n"


def _about(context: click.Context, subject: str) -> str:
    from archcalc.cli.output import target
    from archcalc.cli.pages import page, topic_by, topics
    from archcalc.errors import RequestError, did_you_mean, printable
    from archcalc.render.manual import manual

    parent = context.parent
    assert parent is not None
    group = parent.command
    assert isinstance(group, click.Group)
    found = group.get_command(parent, subject)
    if found is not None:
        text = found.get_help(click.Context(found, parent, subject))
        return f"{text}\n" + (f"\nThe page: archcalc help {subject}.md\n" if subject in topics() else "")
    topic = topic_by(subject)
    if topic is None:
        known = [*group.list_commands(parent), *topics()]
        hint = did_you_mean(subject, known) or _as_operation(subject) or "; archcalc help lists both"
        raise RequestError(f"no command or topic '{printable(subject[:60])}'{hint}")
    return manual(page(topic), target())


def _as_operation(word: str) -> str:
    from archcalc.analyses.reference import operations_by

    meant = operations_by(word)
    return f"; for the operation, archcalc operations {meant[0]}" if meant else ""
