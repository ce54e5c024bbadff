"""Annotations of GitHub's workflows: a line for each failure, which the site shows at the line of the file.

The commands are those of GitHub's documentation, "Workflow commands for GitHub Actions": ``::error file=...,line=...,
col=...,title=...::message``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.errors import SpecError
from archcalc.render.findings import failure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.errors import ArchcalcError
    from archcalc.render.check import CheckPage
    from archcalc.render.page import Target


def write(page: CheckPage, target: Target) -> str:
    """Write an error for each figure or expectation that fails, and the summary."""
    lines = [
        annotation("error", failure(finding), file, finding.figure.node.line, finding.figure.node.column)
        for finding, file in zip(page.findings, page.files, strict=True)
        if finding.fails
    ]
    lines += [annotation("warning", message, file) for file, message in page.unchecked.items()]
    return "\n".join([*lines, *page.notes()])


def of_error(error: ArchcalcError) -> str:
    """Write an error for each mistake in a spec, or one for what could not be read."""
    if not isinstance(error, SpecError):
        return f"{annotation('error', str(error))}\n"
    mistakes = (annotation("error", each.message, error.file, each.line, each.column) for each in error.mistakes)
    return "".join(f"{line}\n" for line in mistakes)


def of_remarks(file: str, remarks: Sequence[str]) -> str:
    """Write a notice for each remark on a file."""
    return "".join(f"{annotation('notice', remark, file)}\n" for remark in remarks)


def annotation(level: str, message: str, file: str = "", line: int | None = None, column: int = 0) -> str:
    """Write an annotation; lines and columns count from 0, as those of mistakes do."""
    places = {"file": file} if file else {}
    if line is not None and file:
        places |= {"line": str(line + 1), "col": str(column + 1)}
    given = ",".join(f"{name}={_property(value)}" for name, value in {**places, "title": "archcalc"}.items())
    return f"::{level} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
