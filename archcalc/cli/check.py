"""``archcalc check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed, convention, networks, printing
from archcalc.cli.request import requested
from archcalc.cli.streams import say
from archcalc.published.check import BROKEN, FAILURES, STATUSES, check

if TYPE_CHECKING:
    from archcalc.cli.request import Request
    from archcalc.published.check import Reports


@click.command("check", short_help="Every published figure against what follows from the network.")
@networks(required=False)
@click.option(
    "--only", metavar="VERDICTS", shell_complete=completed("verdicts"),
    help="Only these, with commas: agrees, cut, misprint, news, differs, measured, expected, broken.",
)  # fmt: skip
@convention("Count figures that have no convention of their own as NAME does, or FILE.yaml[:NAME].")
@click.option("-q", "--quiet", is_flag=True, help="Only what fails, and the summary.")
@printing(extra=("junit",))
@click.pass_context
@requested
def command(context: click.Context, request: Request, only: str | None, quiet: bool) -> None:
    """Hold published figures against the networks they speak of: all of archcalc's own, or those of each NET.

    \b
    Examples:
      archcalc check                             all that archcalc knows
      archcalc check vgg16 my_net.yaml
      archcalc check --only misprint
      archcalc check nets/*.yaml --format junit -o check.xml

    A figure agrees when the exact number rounds (or is cut) to the digits printed. A known misprint has a reason,
    and has to keep disagreeing. What a spec expects of itself (expect: {params: <= 5M}) has to hold. A spec file is
    checked with all the networks in it.

    The exit status is 1 if a figure differs, a misprint agrees after all, or an expectation is broken; 3 if a spec is
    not right.
    """
    from archcalc.errors import Mistake, RequestError, did_you_mean
    from archcalc.published.claims import check_claims
    from archcalc.render import check as render
    from archcalc.zoo import every_spec

    wanted = [word.strip() for word in only.split(",")] if only is not None else list(FAILURES) if quiet else []
    for word in wanted:
        if word not in STATUSES:
            raise RequestError(f"no verdict '{word}'{did_you_mean(word, STATUSES)}; there are {', '.join(STATUSES)}")
    specs = request.all_specs or tuple(every_spec())
    known: dict[str, Reports] = {} if request.networks else {spec.name: {} for spec in specs}  # claims ask once more
    rule = request.convention
    by_spec = [(spec, check(spec, known.get(spec.name), rule)) for spec in specs]
    findings = [finding for _, own in by_spec for finding in own]
    if not request.networks:
        findings += check_claims(specs, known)
    request.emit(render.CheckPage(findings, wanted, not request.networks and not wanted, rule))
    for spec, own in by_spec:
        broken = [
            Mistake(render.broken(e), e.figure.node.line, e.figure.node.column) for e in own if e.status == BROKEN
        ]
        if broken:
            say(str(spec.family.source.error(broken)))
    if any(finding.fails for finding in findings):
        context.exit(1)
