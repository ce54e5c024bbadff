"""``archcalc conventions``."""

from __future__ import annotations

import click

from archcalc.cli import request
from archcalc.cli.output import analysis, completed, emit, networks, printing


@click.command("conventions", short_help="The ways of counting, and what each would say of a network.")
@networks(required=False)
@click.option(
    "--convention", "chosen", metavar="NAME", multiple=True, shell_complete=completed("conventions"),
    help="Only this one (several times), or FILE.yaml[:NAME].",
)  # fmt: skip
@analysis
@click.option("--si", is_flag=True, help="Memory in powers of 1000.")
@printing()
def command(
    networks: tuple[str, ...],
    chosen: tuple[str, ...],
    input: str | None,
    settings: tuple[str, ...],
    batch: int,
    dtype: str,
    training: bool,
    si: bool,
    format: str,
    output: str | None,
) -> None:
    """List the conventions with their rules in words, or show what each would say of each NET.

    \b
    Examples:
      archcalc conventions
      archcalc conventions resnet50-v1.5
      archcalc conventions vgg16 --convention torchinfo --convention my_rules.yaml
      archcalc conventions --format json         the formulas too

    A convention is a named, sourced rule of counting: of a tool, a paper or a lecture. It counts work, memory or
    parameters in a way of its own. Your own ones are YAML: --convention FILE.yaml.
    """
    from archcalc.conventions.convention import asked as convention
    from archcalc.conventions.convention import conventions
    from archcalc.render.conventions import RulesPage, page

    rules = [convention(name) for name in chosen] or list(conventions().values())
    if not networks:
        emit(RulesPage(rules), format, output)
        return
    reports = [request.report(name, input, settings, batch, dtype, training) for name in networks]
    emit(page(reports, rules, si=si), format, output, request.files(reports))
