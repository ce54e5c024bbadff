"""``archcalc check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archcalc.cli.options import completed, convention, networks, printing, size_and_set
from archcalc.cli.request import requested
from archcalc.cli.streams import say
from archcalc.published.verdicts import FAILURES, STATUSES, UNCHECKED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archcalc.cli.request import Request
    from archcalc.published.verdicts import Finding
    from archcalc.text.source import Source


@click.command("check", short_help="Check published figures against the networks they describe.")
@networks(required=False)
@click.option("--claim", "claims", metavar="FIGURE", multiple=True, help='Check this of each NET: "params 25.6M".')
@click.option("--expect", "expected", metavar="BOUND", multiple=True, help='Check this of each NET: "params <= 5M".')
@size_and_set
@click.option(
    "--only", metavar="VERDICTS", shell_complete=completed("verdicts"),
    help=f"Only these, with commas: {', '.join(STATUSES)}; cut: those that agree by cutting digits off.",
)  # fmt: skip
@convention("Count figures that have no convention of their own as NAME does, or FILE.yaml[:NAME].")
@click.option("--allow-nothing", is_flag=True, help="Succeed if there is nothing to check, e.g. in a hook.")
@click.option("--summary", "brief", is_flag=True, help="Show only the summary, by source and in total.")
@click.option("-q", "--quiet", is_flag=True, help="Show only failures and the summary.")
@printing(extra=("junit", "github"))
@click.pass_context
@requested
def command(
    context: click.Context,
    request: Request,
    claims: tuple[str, ...],
    expected: tuple[str, ...],
    only: str | None,
    allow_nothing: bool,
    brief: bool,
    quiet: bool,
) -> None:
    """Check published figures against the networks they describe: all of archcalc's own, or those of each NET.

    \b
    Examples:
      archcalc check                             all that archcalc knows
      archcalc check vgg16 my_net.yaml
      archcalc check nets/ --format github       every spec in a folder
      archcalc check resnet50 --claim "params 25.6M" --claim "macs 3.8G"
      archcalc check model.onnx --expect "params <= 5M"
      archcalc check --only misprint,unexplained
      archcalc check nets/*.yaml --format junit -o check.xml

    A figure agrees if the exact number rounds (or is truncated) to the printed digits. If it does not, the spec may
    name the argument, convention or other quantity that explains it, or the slip (a misprint). Expectations of a spec
    (expect: {params: <= 5M}) must hold. A spec file is checked with all the networks in it. With --claim or --expect,
    nothing else is checked; --input and --set belong to those.

    The exit status is 1 if a figure differs, if a misprint or an unexplained figure agrees after all, or if an
    expectation is broken; 2 if no NET has anything to check; 3 if a spec is not right.
    """
    if (claims or expected) and not request.networks:
        raise click.UsageError("--claim and --expect are about a NET", context)
    if (request.input or request.settings) and not (claims or expected):
        raise click.UsageError(
            "--input and --set are for --claim and --expect; a figure in a spec has its own", context
        )
    wanted = _verdicts(only) if only is not None else list(FAILURES) if quiet else []
    checked, unchecked = _typed(request, claims, expected) if claims or expected else _checked(request)
    _print(request, wanted, checked, unchecked, brief=brief)
    findings = [finding for _, own in checked for finding in own]
    for name, why in unchecked.items():
        say(f"nothing to check in {name} ({why})")
    _report_failures(checked)
    if any(finding.fails for finding in findings):
        context.exit(1)
    if unchecked and not allow_nothing and not any(finding.status not in UNCHECKED for finding in findings):
        context.exit(2)


Checked = list[tuple["Source | None", list["Finding"]]]
"""Findings by the file that they are in; None for the command line."""


def _print(request: Request, wanted: list[str], checked: Checked, unchecked: dict[str, str], *, brief: bool) -> None:
    from archcalc.render.check import CheckPage

    findings = [finding for _, own in checked for finding in own]
    files = ["" if source is None else source.file for source, own in checked for _ in own]
    account = not request.networks and not wanted
    request.emit(CheckPage(findings, wanted, account, request.convention, files, unchecked, brief))


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


def _typed(request: Request, claims: tuple[str, ...], expected: tuple[str, ...]) -> tuple[Checked, dict[str, str]]:
    from archcalc.cli.claims import check_typed, typed

    return [(None, check_typed(request, typed(request, claims, expected)))], {}


def _checked(request: Request) -> tuple[Checked, dict[str, str]]:
    """Check the networks asked for, or all of archcalc's own and its claims; say of what there is nothing to check."""
    from archcalc.errors import printable
    from archcalc.published.check import check
    from archcalc.published.claims import check_claims, claims_source
    from archcalc.published.reports import Reports
    from archcalc.zoo import every_spec

    reports, rule = Reports(), request.convention
    checked: Checked = []
    if not request.networks:
        every = tuple(every_spec())
        checked += [(spec.family.source, check(spec, reports, rule)) for spec in every]
        source = claims_source()
        return (checked if source is None else [*checked, (source, check_claims(every, reports))]), {}
    unchecked = {}
    for name, specs in request.all_specs:
        own = [(spec.family.source, check(spec, reports, rule)) for spec in specs]
        findings = [finding for _, found in own for finding in found]
        if all(finding.status in UNCHECKED for finding in findings):
            why = "only measured figures and remarks" if findings else "no published, no expect"
            unchecked["<stdin>" if name == "-" else printable(name)] = why
        checked += own
    return checked, unchecked


def _report_failures(checked: Iterable[tuple[Source | None, list[Finding]]]) -> None:
    """Write every failure to standard error as file:line:column: message, file by file."""
    from archcalc.errors import COMMAND_LINE, Mistake
    from archcalc.render.findings import failure

    failures: dict[str, tuple[Source, list[Mistake]]] = {}
    for source, findings in checked:
        for finding in findings:
            if finding.fails and source is None:
                note = finding.figure.note
                say(f"{COMMAND_LINE}: {failure(finding)}{f'; {note}' if note else ''}")
            elif finding.fails and source is not None:
                node = finding.figure.node
                mistake = Mistake(failure(finding), node.line, node.column)
                failures.setdefault(source.file, (source, []))[1].append(mistake)
    for source, mistakes in failures.values():
        say(str(source.error(mistakes)))
