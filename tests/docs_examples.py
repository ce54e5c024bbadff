"""The examples of the documentation: finding them on a page, running them, and writing their output anew.

What stands behind three backticks says what an example is:

- ``yaml NAME.yaml``           a whole spec, which later examples of the page know by that file name
- ``yaml``                     a whole spec, or a part of one: a list is its ``layers``, and missing words are added
- ``yaml part of NAME.yaml``   lines that are added to that spec
- ``yaml wrong [NAME.yaml]``   a spec that is not right
- ``yaml differs [NAME.yaml]`` a spec with a figure that differs
- ``ini NAME.cfg``              a network of Darknet, which later examples of the page know by that file name
- ``yaml claims``              claims about several networks
- ``yaml device NAME.yaml``    devices, which later examples of the page know by that file name
- ``console``                  commands after ``$ ``, each with its output
- ``python``                   a doctest, or without ``>>>`` a script; the examples of a page share their names

Anything else (``text``) is not run. Commands are ``archcalc`` alone or piped into grep, head or tail, and must end with
exit status 0 unless ``; echo $?`` shows it.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import docs_tables as tables
from click.testing import CliRunner

from archcalc.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 120
"""Columns of the terminal that outputs on the pages are printed for."""

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(?P<info>\S[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Example(NamedTuple):
    """One example: the page and line where it stands, what it is, and its text."""

    page: str
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def file(self) -> str | None:
        """The file name that a spec is kept under."""
        last = self.words[-1] if self.words else ""
        return last if last.endswith((".yaml", ".cfg")) and "part" not in self.words else None


def examples(page: str) -> list[Example]:
    """Return the examples of a page, in order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, *words = match["info"].split()
        line = text.count("\n", 0, match.start()) + 2
        found.append(Example(page, line, language, tuple(words), match["text"]))
    return found


def keep_specs(page: str, folder: Path) -> None:
    """Write the specs of a page that have a file name into a folder."""
    for example in examples(page):
        if example.language in ("yaml", "ini") and example.file:
            (folder / example.file).write_text(example.text, encoding="utf-8")


def whole_spec(example: Example, folder: Path) -> str:
    """Return the spec that an example is, or that it is a part of."""
    text = example.text
    if example.words[:2] == ("part", "of"):
        return (folder / example.words[2]).read_text(encoding="utf-8") + text
    if example.file or "wrong" in example.words:
        return text
    if re.match(r"(\s|#.*)*- ", text):
        text = "layers:\n" + "".join(f"  {line}\n" for line in text.splitlines())
    missing = {"name": "example", "input": "[64, 56, 56]", "layers": "[relu]"}
    return text + "".join(
        f"{word}: {value}\n" for word, value in missing.items() if not re.search(f"^{word}:", text, re.MULTILINE)
    )


def commands(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console example, each with the output that stands below it."""
    found = re.split(r"^\$ (.*)\n", text, flags=re.MULTILINE)
    assert not found[0], "output without a command"
    return list(zip(found[1::2], found[2::2], strict=True))


def run(command: str) -> str:
    """Run ``archcalc ... [< FILE] [| FILTER] [; echo $?]`` in the current folder; return what it prints."""
    line, shows_status, _ = command.partition("; echo $?")
    line, *filters = line.split(" | ")
    program, *arguments = shlex.split(line)
    assert program == "archcalc", f"a command that is not run: {command}"
    given = b""
    if "<" in arguments:
        at = arguments.index("<")
        given = Path(arguments[at + 1]).read_bytes()
        del arguments[at : at + 2]
    environment = {"COLUMNS": "" if filters else str(WIDTH), "NO_COLOR": "1"}
    result = CliRunner().invoke(cli, arguments, input=given, env=environment, prog_name="archcalc")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert shows_status or result.exit_code == 0, f"{command}: exit status {result.exit_code}\n{result.output}"
    lines = [each.rstrip() for each in result.output.splitlines()]
    for each in filters:
        lines = _filtered(lines, *shlex.split(each))
    return "".join(f"{each}\n" for each in [*lines, *([str(result.exit_code)] if shows_status else [])])


def _filtered(lines: list[str], program: str, *arguments: str) -> list[str]:
    """Do what ``grep PATTERN``, ``head -n N`` and ``tail -n N`` do."""
    if program == "grep":
        return [line for line in lines if re.search(arguments[-1], line)]
    flag, number = arguments
    assert (program, flag) in (("head", "-n"), ("tail", "-n")), f"a command that is not run: {program}"
    return lines[: int(number)] if program == "head" else lines[-int(number) :]


def run_python(page: str) -> str:
    """Run the Python examples of a page; return a report of what is not as printed, empty if all is."""
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    names: dict[str, object] = {}
    for example in examples(page):
        if example.language == "python" and ">>>" not in example.text:
            exec(compile(example.text, f"{page}:{example.line}", "exec"), names)
        elif example.language == "python":
            test = doctest.DocTestParser().get_doctest(example.text, names, page, page, example.line - 1)
            runner.run(test, out=report.append, clear_globs=False)
            names = test.globs
    return "".join(report)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def update(page: str, folder: Path) -> bool:
    """Write the outputs of a page's commands and its tables as they are now; return whether any changed."""
    path = DOCS / page
    text = path.read_text(encoding="utf-8")
    keep_specs(page, folder)

    def renew(match: re.Match[str]) -> str:
        if match["info"].split()[0] != "console":
            return match[0]
        printed = "".join(f"$ {command}\n{run(command)}" for command, _ in commands(match["text"]))
        return f"```{match['info']}\n{printed}```"

    with inside(folder):
        renewed = tables.renewed(_FENCE.sub(renew, text))
    path.write_text(renewed, encoding="utf-8")
    return renewed != text
