"""What version 0.1.0 documented still works, or the changelog of 0.2.0 names what became of it."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
import yaml
from running import run

import archcalc
from archcalc.cli import cli
from archcalc.conventions.convention import conventions
from archcalc.operations import OPERATIONS
from archcalc.render.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
FIRST = yaml.safe_load((HERE / "first_release.yaml").read_text(encoding="utf-8"))

KEYS = ("printed", "cite", "where", "protocol")
OTHER_NETWORKS = {
    "activate pool1's output once": (
        *("preresnet152", "preresnet-152", "preresnet200", "preresnet-200", "resnet200", "resnet-200"),
    ),
}
OTHER_KEYS = {
    "`remark: TEXT` replaces the quantities `chosen`, `fact`, `rank` and `year`": (
        *(f"[].published.{word}.{key}" for word in ("year", "rank", "chosen") for key in KEYS),
    ),
    "`news` is called `unexpected`": ("summary.news",),
    "`convention` of a figure is `under`": ("figures[].convention",),
}


def test_what_is_otherwise_stands_in_the_changelog() -> None:
    text = (HERE.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    news = " ".join(text.partition("## [0.2.0]")[2].partition("\n## [0.1.0]")[0].split())
    assert [words for words in [*OTHER_NETWORKS, *OTHER_KEYS] if words not in news] == []


@pytest.mark.parametrize("name", FIRST["commands"])
def test_commands_have_their_options(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    now = {
        word: option
        for option in command.params
        if isinstance(option, click.Option)
        for word in (*option.opts, *option.secondary_opts)
    }
    for word, kind in FIRST["commands"][name].items():
        assert word in now
        assert now[word].is_flag == (kind == "flag")
        if kind not in ("flag", "value"):
            assert set(kind.split()) <= set(now[word].type.choices)  # type: ignore[attr-defined]


def test_columns_conventions_and_operations_have_their_names() -> None:
    assert set(FIRST["columns"].split()) <= {column.word for column in COLUMNS}
    assert set(FIRST["conventions"].split()) <= set(conventions())
    assert set(FIRST["operations"].split()) <= set(OPERATIONS)


@pytest.mark.parametrize("line", FIRST["json"])
def test_json_has_its_keys(line: str) -> None:
    now = set(_keys(json.loads(run(*shlex.split(line), "--format", "json").stdout)))
    other = {key for keys in OTHER_KEYS.values() for key in keys}
    assert set(FIRST["json"][line].split()) - now - other == set()


def _keys(value: object, path: str = "") -> Iterator[str]:
    """Write the path of every value: names after dots, [] for every item of a list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _keys(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner, f"{path}[]")
    else:
        yield path


def test_networks_have_their_totals() -> None:
    other = {name for names in OTHER_NETWORKS.values() for name in names}
    different = {name for name, totals in FIRST["networks"].items() if _totals(archcalc.load(name)) != totals}
    assert different == other


def test_specs_have_their_totals() -> None:
    assert [spec["text"] for spec in FIRST["specs"] if _totals(archcalc.loads(spec["text"])) != spec["totals"]] == []


def _totals(model: archcalc.Model) -> list[int]:
    report = model.analyze()
    return [report.params, report.macs, report.memory_values, report.depth]


def test_commands_end_as_they_did(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FIRST["files"].items():
        Path(name).write_text(text, encoding="utf-8")
    for line in FIRST["runs"]:
        arguments, _, given = line["run"].partition(" < ")
        text = Path(given).read_text(encoding="utf-8") if given else None
        result = run(*shlex.split(arguments)[1:], input=text)
        assert result.exit_code == line["exit"], f"{line['run']}: {result.stderr}"
