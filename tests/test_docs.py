"""The documentation is true: its examples run as printed, and it leaves nothing out.

After a change of output, ``PYTHONPATH=.:docs python tests/test_docs.py --update`` writes the outputs on the pages anew.
Read the difference before you commit it.
"""

from __future__ import annotations

import inspect
import os
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
import docs_examples as docs
import docs_tables as tables
import pytest

import archcalc
from archcalc.analyses.devices.reading import read_devices
from archcalc.api import Analysis
from archcalc.cli import COMMANDS, cli
from archcalc.conventions.convention import conventions
from archcalc.conventions.rules import NAMES
from archcalc.engine.layer import DTYPES, Layer
from archcalc.engine.report import Report
from archcalc.errors import SpecError
from archcalc.language import cite, family, formula, items
from archcalc.language.networks import networks_of
from archcalc.operations import KINDS_OF_PARAMS, KINDS_OF_WORK
from archcalc.published import claims
from archcalc.published.check import check
from archcalc.published.figure import OPTIONS, READING_OPTIONS
from archcalc.published.quantities import QUANTITIES
from archcalc.published.verdicts import STATUSES, Finding
from archcalc.render.columns import COLUMNS
from archcalc.render.formats import FORMATS
from archcalc.text.source import Source
from archcalc.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGES = (
    "../README.md", "spec-format.md", "published-figures.md", "conventions.md", "commands.md", "draw.md", "charts.md",
    "memory.md", "time.md", "formula.md", "sweep.md", "python-api.md", "ci.md", "import.md", "export.md",
    "index.md", "cookbook.md", "from-pytorch.md", "ko.md",
)  # fmt: skip

RENEW = "to renew what pages print: PYTHONPATH=.:docs python tests/test_docs.py --update"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder for each page, with the specs that the page keeps."""
    found = {page: tmp_path_factory.mktemp(Path(page).stem) for page in PAGES}
    for page, folder in found.items():
        docs.keep_specs(page, folder)
    return found


def _every(language: str) -> list[object]:
    found = [each for page in PAGES for each in docs.examples(page) if each.words[:1] not in (("claims",), ("device",))]
    return [pytest.param(each, id=f"{each.page}:{each.line}") for each in found if each.language == language]


@pytest.mark.parametrize("example", _every("yaml"))
def test_spec_is_right(example: docs.Example, folders: dict[str, Path]) -> None:
    folder = folders[example.page]
    path = folder / "example.yaml"
    path.write_text(docs.whole_spec(example, folder), encoding="utf-8")
    if "wrong" in example.words:
        with pytest.raises(SpecError):
            validate(str(path))
        return
    validate(str(path))
    read = family.read_family(Source(str(path), path.read_text(encoding="utf-8")))
    differing = [finding for spec in networks_of(read) for finding in check(spec) if finding.fails]
    assert not differing or "differs" in example.words


def test_claims_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = (each.text for page in PAGES for each in docs.examples(page) if each.words == ("claims",))
    (tmp_path / claims.FILE).write_text(text, encoding="utf-8")
    monkeypatch.setattr(claims, "folder", lambda: str(tmp_path))
    findings = claims.check_claims()
    assert len(findings) == 4
    assert not any(finding.fails for finding in findings)
    assert _lacking([*claims.WORDS, *claims.APART], _page("published-figures.md")) == []


def test_devices_are_right(folders: dict[str, Path]) -> None:
    shown = [each for page in PAGES for each in docs.examples(page) if each.words[:1] == ("device",)]
    assert shown
    for example in shown:
        assert read_devices(Source(example.file or "", example.text))


@pytest.mark.parametrize("example", _every("console"))
def test_command_prints_what_the_page_says(example: docs.Example, folders: dict[str, Path]) -> None:
    with docs.inside(folders[example.page]):
        for command, printed in docs.commands(example.text):
            actual = docs.run(command)
            assert actual == printed, RENEW


@pytest.mark.parametrize("page", PAGES)
def test_python_runs(page: str, folders: dict[str, Path]) -> None:
    with docs.inside(folders[page]):
        wrong = docs.run_python(page)
    assert not wrong, wrong


def _page(page: str) -> str:
    return (docs.DOCS / page).read_text(encoding="utf-8")


def _section(page: str, heading: str) -> str:
    """Return the part of a page under a heading, up to the next one of its level or above."""
    found = re.search(rf"^(#+) {re.escape(heading)}$", _page(page), re.MULTILINE)
    assert found, f"docs/{page} has no section '{heading}'"
    rest = _page(page)[found.end() :]
    return re.split(rf"^#{{1,{len(found[1])}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def _rows(text: str) -> dict[str, str]:
    """Return the rows of the tables in a text by the first word in backticks."""
    return {word: row for row, word in re.findall(r"^(\| `([^`]+)`.*)$", text, re.MULTILINE)}


def _lacking(words: Iterable[str], text: str) -> list[str]:
    """Return the words that do not stand in a text as code."""
    code = set(re.findall(r"`([^`\n]+)`", text))
    return [word for word in words if word not in code]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _page(page)):
        if not target.startswith("http"):
            file, _, anchor = target.partition("#")
            path = (docs.DOCS / page).parent / file if file else docs.DOCS / page
            assert path.is_file(), target
            assert not anchor or anchor in _anchors(os.path.relpath(path, docs.DOCS)), target


def _anchors(page: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", _page(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_every_page_is_in_the_index() -> None:
    linked = set(re.findall(r"\]\(([^)\s]+)\)", _page("index.md")))
    assert {path.name for path in docs.DOCS.glob("*.md")} - {"index.md"} - linked == set()


def test_the_width_is_said() -> None:
    assert f"{docs.WIDTH} columns" in _page("commands.md")


def test_every_word_of_the_language_is_described() -> None:
    page = _page("spec-format.md")
    words = {
        *family.FILE_WORDS, *family.VARIANT_WORDS, *family.BLOCK_WORDS, *cite.CITE_WORDS,
        *items.MODIFIERS, *items.BRANCH_WORDS, *items.SPECIAL, *formula.FLOW_WORDS,
    }  # fmt: skip
    assert _lacking(sorted(words), page) == []
    assert _lacking(sorted(family.FILE_WORDS), "".join(_rows(_section("spec-format.md", "The file")).values())) == []
    assert all(re.search(rf"`{name}\(", page) for name in formula.FUNCTIONS)


@pytest.mark.parametrize("page", PAGES)
def test_tables_are_as_the_program_writes_them(page: str) -> None:
    assert tables.renewed(_page(page)) == _page(page), RENEW


def test_every_table_stands_somewhere() -> None:
    assert sorted(name for page in PAGES for name in tables.names(_page(page))) == sorted(tables.TABLES)


def test_every_kind_and_convention_is_described() -> None:
    page = _page("conventions.md")
    assert _lacking([*KINDS_OF_WORK, *KINDS_OF_PARAMS, *DTYPES, *sorted(NAMES), *conventions()], page) == []


def test_every_quantity_option_and_verdict_is_described() -> None:
    assert _lacking([*QUANTITIES, *OPTIONS, *READING_OPTIONS, *STATUSES], _page("published-figures.md")) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_described(name: str) -> None:
    section = _section("commands.md", f"archcalc {name}")
    shared = "".join(_section("commands.md", heading) for heading in _shared_headings(section))
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    kinds = list(command.commands.values()) if isinstance(command, click.Group) else [command]
    options = [each for kind in kinds for each in kind.params if isinstance(each, click.Option)]
    known = {flag for each in options for flag in (*each.opts, *each.secondary_opts)}
    said = set(re.findall(r"`(-[-a-z]+)", section + shared))
    assert said >= known
    assert said - known <= {"-h", "--help"}, "options that the command does not have"


def _shared_headings(section: str) -> list[str]:
    """Return the headings of the shared options that a command's section links to."""
    linked = re.findall(r"\]\(#(analysis-options|output-options)\)", section)
    return [name.capitalize().replace("-", " ") for name in linked]


def test_every_column_and_format_is_described() -> None:
    page = _page("commands.md")
    simple = [column.word for column in COLUMNS if "." not in column.word]
    assert _lacking([*simple, *FORMATS], page) == []


def test_every_key_of_the_json_is_described() -> None:
    text = (
        "name: x\ninput: [3, 8, 8]\nlayers:\n"
        "  - {survival: 0.5, times: 2, conv: 3}\n  - {training: [{fc: 2}]}\n  - {fc: 2}\n"
    )
    data = archcalc.loads(text).analyze(training=True).to_json()
    totals, layers = data["totals"], data["layers"]
    keys = {*data, *totals, *totals["training_only"], *(key for layer in layers for key in layer)}
    assert _lacking(sorted(keys), _page("python-api.md")) == []


def test_every_part_of_a_result_is_described() -> None:
    page = _page("python-api.md")
    for kind in (Analysis, Report, Layer, Finding):
        public = {name: value for name, value in vars(kind).items() if not name.startswith("_")}
        assert _lacking([name for name, value in public.items() if isinstance(value, property)], page) == []
        methods = [name for name, value in public.items() if inspect.isfunction(value)]
        assert [name for name in methods if f"`{name}(" not in page] == []


def main() -> int:
    """Write the outputs on the pages anew."""
    for page in PAGES:
        with TemporaryDirectory() as folder:
            print(f"docs/{page}: {'renewed' if docs.update(page, Path(folder)) else 'as it was'}")
    return 0


if __name__ == "__main__":
    sys.exit(main() if "--update" in sys.argv else pytest.main([__file__]))
