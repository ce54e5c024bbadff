"""``archcalc conventions``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import analysis, convention, networks, printing, si
from archcalc.cli.request import requested

if TYPE_CHECKING:
    from archcalc.cli.request import Request


@click.command("conventions", short_help="List ways of counting, and what each gives for a network.")
@networks(required=False)
@convention("Only this one (several times), or FILE.yaml[:NAME].", several=True)
@analysis
@si
@printing()
@requested
def command(request: Request) -> None:
    """List the conventions with their rules in words, or show what each gives for each NET.

    \b
    Examples:
      archcalc conventions
      archcalc conventions resnet50-v1.5
      archcalc conventions vgg16 --convention torchinfo --convention my_rules.yaml
      archcalc conventions --format json         the formulas too

    A convention is a named rule of counting, with a source: a tool, a paper or a lecture. It changes how work, memory
    or parameters are counted. You can write your own in YAML: --convention FILE.yaml.
    """
    from archcalc.conventions.convention import conventions
    from archcalc.render.conventions import RulesPage, page

    rules = request.rules or tuple(conventions().values())
    request.emit(page(request.reports, rules, si=request.si) if request.networks else RulesPage(rules))
