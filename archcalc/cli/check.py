"""``archcalc check``."""

from __future__ import annotations

import click

from archcalc.cli.output import deliver, emit, networks, printing
from archcalc.published.check import STATUSES, check


@click.command("check", short_help="Every published figure against what follows from the network.")
@networks(required=False)
@click.option(
    "--only", metavar="VERDICTS", help="Only these: agrees, cut, misprint, news, differs, measured (with commas)."
)
@click.option("-q", "--quiet", is_flag=True, help="Only what fails, and the summary.")
@printing(extra=("junit",))
@click.pass_context
def command(
    context: click.Context, networks: tuple[str, ...], only: str | None, quiet: bool, format: str, output: str | None
) -> None:
    """Hold published figures against the networks they speak of: all of archcalc's own, or those of each NET.

    A figure agrees when the exact number rounds (or is cut) to the digits printed. A known misprint has a reason,
    and has to keep disagreeing. The exit status is 1 if any figure differs, or a misprint agrees after all.

    \b
    Examples:
      archcalc check
      archcalc check vgg16 my_net.yaml
      archcalc check --only misprint
      archcalc check --format junit -o check.xml
    """
    from archcalc.errors import RequestError, did_you_mean
    from archcalc.published.ledger import check_ledger
    from archcalc.render import check as render
    from archcalc.zoo import every_spec, find

    wanted = [word.strip() for word in only.split(",")] if only else ["news", "differs"] if quiet else []
    for word in wanted:
        if word not in STATUSES:
            raise RequestError(f"no verdict '{word}'{did_you_mean(word, STATUSES)}; there are {', '.join(STATUSES)}")
    specs = [find(name) for name in networks] if networks else list(every_spec())
    findings = [finding for spec in specs for finding in check(spec)]
    files = {spec.family.source.file for spec in specs}
    if not networks:
        findings += check_ledger()
    if format == "junit":
        text = render.junit(findings) + "\n"
        deliver(text, output, files)
    else:
        emit(render.page(findings, only=wanted), format, output, files)
    if any(finding.fails for finding in findings):
        context.exit(1)
