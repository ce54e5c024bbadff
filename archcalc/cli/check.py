"""``archcalc check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed, convention, networks, printing
from archcalc.cli.request import requested
from archcalc.cli.streams import say
from archcalc.published.verdicts import FAILURES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.cli.request import Request
    from archcalc.published.verdicts import Finding
    from archcalc.text.source import Source


@click.command("check", short_help="Check published figures against the networks they describe.")
@networks(required=False)
@click.option(
    "--only", metavar="VERDICTS", shell_complete=completed("verdicts"),
    help=f"Only these, with commas: {', '.join(STATUSES)}; cut: those that agree by cutting digits off.",
)  # fmt: skip
@convention("Count figures that have no convention of their own as NAME does, or FILE.yaml[:NAME].")
@click.option("-q", "--quiet", is_flag=True, help="Show only failures and the summary.")
@printing(extra=("junit",))
@click.pass_context
@requested
def command(context: click.Context, request: Request, only: str | None, quiet: bool) -> None:
    """Check published figures against the networks they describe: all of archcalc's own, or those of each NET.

    \b
    Examples:
      archcalc check                             all that archcalc knows
      archcalc check vgg16 my_net.yaml
      archcalc check --only misprint,unexplained
      archcalc check nets/*.yaml --format junit -o check.xml

    A figure agrees if the exact number rounds (or is truncated) to the printed digits. If it does not, the spec may
    name the argument, convention or other quantity that explains it, or the slip (a misprint). Expectations of a spec
    (expect: {params: <= 5M}) must hold. A spec file is checked with all the networks in it.

    The exit status is 1 if a figure differs, if a misprint or an unexplained figure agrees after all, or if an
    expectation is broken; 3 if a spec is invalid.
    """
    from archcalc.errors import printable
    from archcalc.render import check as render

    wanted = _verdicts(only) if only is not None else list(FAILURES) if quiet else []
    checked, without_figures = _checked(request)
    findings = [finding for _, own in checked for finding in own]
    request.emit(render.CheckPage(findings, wanted, not request.networks and not wanted, request.convention))
    for name in without_figures:
        say(f"nothing to check in {'<stdin>' if name == '-' else printable(name)} (no published, no expect)")
    _report_failures(checked)
    if any(finding.fails for finding in findings):
        context.exit(1)


def _verdicts(only: str) -> list[str]:
    """Read the verdicts of --only; raise RequestError for one that there is not."""
    from archcalc.errors import RequestError, did_you_mean
    from archcalc.render.check import NEWS, SELECTABLE

    words = [word.strip() for word in only.split(",")]
    for word in words:
        if word not in (*SELECTABLE, NEWS):
            hint = did_you_mean(word, SELECTABLE)
            raise RequestError(f"no verdict '{word}'{hint}; there are {', '.join(SELECTABLE)}")
    return words


def _checked(request: Request) -> tuple[list[tuple[Source, list[Finding]]], list[str]]:
    """Check the networks asked for, or all of archcalc's own and its claims; name those with nothing to check too."""
    from archcalc.published.check import check
    from archcalc.published.claims import check_claims, claims_source
    from archcalc.published.reports import Reports
    from archcalc.zoo import every_spec

    reports, rule = Reports(), request.convention
    if not request.networks:
        every = tuple(every_spec())
        checked = [(spec.family.source, check(spec, reports, rule)) for spec in every]
        source = claims_source()
        return (checked if source is None else [*checked, (source, check_claims(every, reports))]), []
    checked, without_figures = [], []
    for name, specs in request.all_specs:
        own = [(spec.family.source, check(spec, reports, rule)) for spec in specs]
        if not any(findings for _, findings in own):
            without_figures.append(name)
        checked += own
    return checked, without_figures


def _report_failures(checked: Iterable[tuple[Source, list[Finding]]]) -> None:
    """Write every failure to standard error as file:line:column: message, file by file."""
    from archcalc.errors import Mistake
    from archcalc.render.findings import failure

    failures: dict[str, tuple[Source, list[Mistake]]] = {}
    for source, findings in checked:
        for finding in findings:
            if finding.fails:
                node = finding.figure.node
                mistake = Mistake(failure(finding), node.line, node.column)
                failures.setdefault(source.file, (source, []))[1].append(mistake)
    for source, mistakes in failures.values():
        say(str(source.error(mistakes)))
