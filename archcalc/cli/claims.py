"""What ``archcalc check`` makes of the claims and expectations that are typed behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.published.check import Checker, counted_by
from archcalc.published.reports import Reports
from archcalc.published.typed import CLAIM, read_claim, read_expectation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.cli.request import Request
    from archcalc.language.networks import NetworkSpec
    from archcalc.published.figure import Figure
    from archcalc.published.verdicts import Finding


def typed(request: Request, claims: Sequence[str], expectations: Sequence[str]) -> list[Figure]:
    """Read claims and expectations, for the input and arguments of the request."""
    figures = [*map(read_claim, claims), *map(read_expectation, expectations)]
    return [figure._replace(input=request.input, set=request.arguments) for figure in figures]


def check_typed(request: Request, figures: Sequence[Figure]) -> list[Finding]:
    """Check figures against each network of the request; explain those that are not so."""
    from archcalc.errors import RequestError, printable
    from archcalc.text.tree import NodeError

    if request.sizes or request.settings:
        _ = request.reports  # which refuses an input or argument in the words of the command line
    checker = Checker(Reports(), request.convention)
    findings = []
    for spec in request.specs_as_written:
        for figure in figures:
            try:
                finding = checker.finding(spec, counted_by(figure, request.convention))
            except NodeError as error:
                option = figure.cite or "--expect"
                asked = " ".join([figure.quantity, figure.printed, *(["at", *figure.at] if figure.at else [])])
                raise RequestError(f"{option} '{printable(asked)}': {error}") from None
            findings.append(_explained(spec, finding, request) if finding.fails else finding)
    return findings


def _explained(spec: NetworkSpec, finding: Finding, request: Request) -> Finding:
    """Add to a claim that is not so what ``why`` says of its figure."""
    from archcalc.analyses.why.claim import explain
    from archcalc.conventions.convention import conventions
    from archcalc.render.why import in_a_sentence

    if finding.figure.cite != CLAIM:
        return finding
    found = explain(spec, finding.figure, (*conventions().values(), *request.rules))
    if found is None:
        return finding
    return finding._replace(figure=finding.figure._replace(note=in_a_sentence(*found)))
