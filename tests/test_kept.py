"""Trees that the build keeps are those of the very text beside them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from running import ROOT

from archcalc.text import kept
from archcalc.text.nodes import Mapping, Scalar, Sequence
from archcalc.text.parsing import parse
from archcalc.text.source import Source, read_file
from archcalc.text.tree import read_tree

FILES = sorted((*ROOT.glob("specs/*.yaml"), *ROOT.glob("archcalc/**/*.yaml")))

TEXT = 'name: é\nlayers:\n  - {conv: [1, "2", null]}\n  - relu\n'


def plain(node):
    """Return all that a node is made of."""
    if isinstance(node, Scalar):
        return (node.value, node.plain, node.line, node.column)
    if isinstance(node, Sequence):
        return ([plain(item) for item in node.items], node.line, node.column)
    assert isinstance(node, Mapping)
    return ([*map(plain, node.keys)], [*map(plain, node.values)], node.line, node.column)


@pytest.mark.parametrize("file", FILES[::4], ids=lambda file: file.name)
def test_a_kept_tree_is_the_tree_of_its_text(file):
    source = read_file(str(file))
    tree = parse(source)
    again = kept.unpack(source.text, kept.pack(source.text, tree))
    assert plain(again) == plain(tree)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A file of archcalc's own with the tree that is kept of it."""
    monkeypatch.setattr(kept, "_PACKAGE", str(tmp_path))
    file = tmp_path / "net.yaml"
    file.write_text(TEXT, encoding="utf-8")
    (tmp_path / "net.tree").write_bytes(kept.pack(TEXT, parse(Source("net.yaml", TEXT))))
    return file


def test_it_is_read_in_place_of_the_text(own):
    source = read_file(str(own))
    assert plain(kept.kept_tree(source)) == plain(read_tree(source)) == plain(parse(source))


@pytest.mark.parametrize("text", [TEXT + "\n", TEXT.replace("1", "3"), "name: {", ""])
def test_a_file_that_was_edited_is_parsed(own, text):
    assert kept.kept_tree(Source(str(own), text)) is None


def test_bytes_that_were_damaged_are_not_used(own):
    tree = own.with_suffix(".tree")
    whole = tree.read_bytes()
    for place in range(len(whole)):
        tree.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert kept.kept_tree(read_file(str(own))) is None
    for length in (0, 1, len(whole) - 1):
        tree.write_bytes(whole[:length])
        assert kept.kept_tree(read_file(str(own))) is None


def test_only_files_of_archcalc_have_trees(own, tmp_path, monkeypatch):
    source = read_file(str(own))
    for package in (tmp_path / "archcalc", tmp_path / "ne"):
        monkeypatch.setattr(kept, "_PACKAGE", str(package))
        assert kept.kept_tree(source) is None


def test_where_trees_are_kept_no_yaml_is_imported(own):
    code = (
        "import sys; from archcalc.text import kept, source; from archcalc.text.tree import read_tree; "
        "kept._PACKAGE, file = sys.argv[1:]; tree = read_tree(source.read_file(file)); "
        "assert tree.get('name').value == 'é'; print('yaml' in sys.modules)"
    )
    command = [sys.executable, "-X", "utf8", "-c", code]
    for package, imported in ((own.parent, "False"), (own.parent / "elsewhere", "True")):
        done = subprocess.run([*command, str(package), str(own)], capture_output=True, text=True, cwd=ROOT, check=True)
        assert done.stdout.strip() == imported
