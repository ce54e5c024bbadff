"""What a spec says is only text, in every format: no HTML, no link, no LaTeX, no formula of a spreadsheet, no row."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from xml.etree import ElementTree

import pytest
from running import run, run_apart

import archcalc
from archcalc.render.formats import FORMATS, write
from archcalc.render.formats.characters import fold, holds, one_line
from archcalc.render.formats.latex_text import DEFINED
from archcalc.render.page import Grid, Head, Page, Table, Target

PLAIN = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- x",
    "</td><td>",
    "[x](javascript:alert(1))",
    "![x](http://example.org/x.png)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)",
    "[x][y]",
    "`code`",
    "**bold** *a* __b__ _c_ ~~d~~ ~e~",
    "a|b",
    "a\\|b",
    "a\\\\|b",
    "a\\",
    "&lt;b&gt; &#60;b&#62; &amp;",
    "$x^2$",
    "\\input{x} \\write18{ls} \\end{tabular}",
    "[2pt] *",
    "* 5",
    "a & b % c # d _ e { f } g ~ h ^ i",
    "=cmd|' C calc'!A0",
    "+cmd|' C calc'!A0",
    "-2+3+cmd|' C calc'!A0",
    "@SUM(1+1)",
    'a,"b";c',
    "'=1",
    "# heading",
    "1. one",
    "> quoted",
    "total 5",
]
LINES = ["a\n\n# big\n\ntotal 5", "a\r\nb", "a\tb", "\t=cmd", "\r=cmd", "a\u2028b\u2029c\x85d\x0be\x0cf"]
WIDE = {ord(char): chr(ord(char) - 0x20 + 0xFF00) for char in map(chr, range(0x21, 0x7F))}
"""Full-width letters, which are folded to those of ASCII."""
TEXTS = [
    *PLAIN,
    *LINES,
    *(text.translate(WIDE) for text in PLAIN),
    "·×−→⌊⌋⌈⌉█ é ß ｡ 😀 ﷽ ½ ²",
    "\ufffe\uffff",
    "x" * 200,
]


class OfTexts(Page):
    """A page with a text everywhere that a spec can put one."""

    def grids(self):
        rows = tuple((text, "7") for text in TEXTS)
        heads = (Head("name", left=True), Head("count\n(K)"))
        return [Grid(text, heads, ((text, "7"),), ("total", "7"), (text,)) for text in TEXTS] + [Grid("", heads, rows)]

    def notes(self):
        return TEXTS

    def tables(self):
        return [Table(("name", "count"), ((text, 7) for text in TEXTS))]

    def data(self):
        return {"texts": TEXTS}


ENCODINGS = ["utf-8", "ascii", "latin-1", "cp1252", "cp437"]


def written(format, encoding):
    text = write(OfTexts(), format, Target(encoding=encoding))
    assert holds(encoding, text)
    return text


def expected(encoding):
    """Return the texts as they should be read back, on one line and in the characters of an encoding."""
    return [one_line(fold(text, encoding)) for text in TEXTS]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_markdown_says_what_was_written_and_marks_up_nothing(encoding):
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    found = parser.render(written("markdown", encoding))
    tags = set(re.findall(r"<(/?\w+|!)", found))
    assert {tag.strip("/") for tag in tags} <= {"p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    assert "<a" not in found and "<img" not in found
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in found.split("<tr>")[1:]]
    assert {len(row) for row in cells} == {2}
    names = [html.unescape(row[0]) for row in cells[-len(TEXTS) :]]
    assert names == [text.strip() for text in expected(encoding)]
    notes = [html.unescape(text) for text in re.findall(r"<p>(.*?)</p>", found, re.DOTALL)]
    assert notes[-len(TEXTS) :] == [text.strip() for text in expected(encoding)]
    titles = [html.unescape(text) for text in re.findall(r"<p><strong>(.*?)</strong></p>", found, re.DOTALL)]
    assert len(titles) >= len(TEXTS) - 2, "bold does not begin or end with a space"


LATEX = "textbf begin end toprule midrule bottomrule textbackslash textasciitilde textasciicircum cdot times to lfloor"
SIGNS = {*LATEX.split(), "textless", "textgreater", "textbar", "rfloor", "lceil", "rceil", "rule", "archcalcscript",
         "leq", "geq", "textsuperscript"}  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_latex_has_no_command_and_no_paragraph_of_the_specs(encoding):
    first, _, text = written("latex", encoding).partition("\n")
    assert first == r"% \usepackage{booktabs}"
    text = text.removeprefix(f"{DEFINED}\n")
    assert set(re.findall(r"\\([A-Za-z]+)", text)) <= SIGNS
    for line in text.split("\n"):
        bare = re.sub(r"\\[&%$#_{}]|\\\^\{\}|\\\\$|\$\\\w+\$|\$-\$|\$\^2\$", "", line)  # escapes, row ends, signs
        assert "%" not in bare and "#" not in bare and "_" not in bare and "^" not in bare and "~" not in bare
        assert bare.count("{") == bare.count("}")
        assert bare.count("$") == 0
        assert bare.count("&") == (1 if line.endswith(r"\\") else 0), "two cells in each row"
        assert not re.match(r" *[\[*]", line), "\\\\ at the end of the row before would take it"
    titles = [line for line in text.split("\n") if line.startswith(r"\textbf{") and " & " not in line]
    assert len(titles) == len(TEXTS)
    assert all(line.endswith("}") for line in titles)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("format", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_cells_are_no_formulas_and_rows_stay_rows(format, delimiter, encoding):
    rows = list(csv.reader(io.StringIO(written(format, encoding)), delimiter=delimiter))
    assert len(rows) == 1 + len(TEXTS)
    assert {len(row) for row in rows} == {2}
    for text, (cell, number) in zip(expected(encoding), rows[1:], strict=True):
        marked = text.lstrip()[:1] in tuple("=+-@＝＋－＠")
        assert cell == (f"'{text}" if marked else text)
        assert number == "7"
    assert sum(cell.startswith("'") and cell != "'=1" for cell, _ in rows) >= 5


@pytest.mark.parametrize("value", ["-5", "+1,024", "-0.5%", "+231,211,008", "-1.2 MiB", -5, -0.5, None, "", "5"])
def test_numbers_stay_numbers(value):
    class OfOne(Page):
        def tables(self):
            return [Table(("a", "b"), [("x", value)])]

    (_, row) = csv.reader(io.StringIO(write(OfOne(), "csv", Target())))
    assert row == ["x", "" if value is None else str(value)]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_html_has_only_its_own_tags(encoding):
    tags = set(re.findall(r"<(/?\w+|!)", written("html", encoding)))
    page = {"!", "html", "head", "body", "meta", "title", "style"}
    own = {*page, "h3", "p", "table", "thead", "tbody", "tfoot", "tr", "th", "td"}
    assert {tag.strip("/") for tag in tags} == own


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_json_is_read_back_as_it_was(encoding):
    assert json.loads(written("json", encoding)) == {"texts": TEXTS}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("format", ["table", "plain"])
def test_no_text_makes_a_line_of_its_own(format, encoding):
    lines = written(format, encoding).split("\n")
    meant = expected(encoding).count("total 5")
    assert lines.count("total 5") == 3 * meant, "a title and two notes of the text itself, and none of another"
    assert not [line for line in lines if line != "".join(line.splitlines())]


SPEC = """
name: n
input: [3, 8, 8]
title: {title}
cite: {{key: a, title: {title}}}
layers: [{{name: {name}, conv: 3}}]
published: [{{params: 5, cite: a, where: {title}}}, {{macs: 5, cite: a, misprint: {title}}}]
"""


@pytest.mark.parametrize("text", [text for text in TEXTS if text.replace("\n", "").isprintable()], ids=ascii)
def test_junit_is_xml(text):
    spec = SPEC.format(title=json.dumps(text, ensure_ascii=False), name="c")
    for options in ([], ["--ascii"]):
        result = run("check", "-", "--format", "junit", *options, input=spec)
        assert result.exit_code == 1
        root = ElementTree.fromstring(result.stdout)
        assert len(root.findall("testsuite/testcase")) == 2


@pytest.mark.parametrize(
    "char", ["\\uFFFE", "\\uFFFF", "\\uFDD0", "\\U0001FFFE", "\\U0010FFFF", "\\uE000", "\\t", "\\n"]
)
def test_junit_is_xml_whatever_a_citation_holds(char):
    spec = SPEC.format(title=f'"x{char}y"', name="c")
    result = run("check", "-", "--format", "junit", input=spec)
    assert result.exit_code == 1
    name = ElementTree.fromstring(result.stdout)[0][0].get("name")
    assert re.search(r"x.y\)$", name, re.DOTALL)


@pytest.mark.parametrize("format", [*FORMATS, "junit"])
def test_an_output_without_the_characters_gets_what_stands_for_them(format):
    """Standard output in another encoding, as on Windows, is escaped no less than --ascii is."""
    title = "＼input ＜script＞ ＆ ｜ · ‘é’ 数"
    spec = SPEC.format(title=json.dumps(title, ensure_ascii=False), name='"＝cmd"')
    command = "check" if format == "junit" else "show"
    done = run_apart(command, "-", "--format", format, input=spec, PYTHONIOENCODING="utf-8:strict")
    narrow = run_apart(command, "-", "--format", format, "--ascii", input=spec)
    if format == "junit":  # a figure of the spec differs
        assert narrow.stderr.isascii() and narrow.stderr.startswith("<stdin>:7:")
    else:
        assert done.stderr == narrow.stderr == ""
    assert narrow.stdout.isascii()
    assert "<script>" not in narrow.stdout.replace("\\<", "") or format in ("table", "plain", "csv", "tsv", "latex")
    assert "\\input" not in narrow.stdout.replace("\\\\input", "") or format in ("table", "plain", "csv", "tsv")
    if format == "json":
        assert json.loads(narrow.stdout) == json.loads(done.stdout)
    if format in ("html", "junit"):
        assert html.unescape(narrow.stdout) == html.unescape(done.stdout)
    if format in ("csv", "tsv"):
        assert "'=cmd" in narrow.stdout


@pytest.mark.parametrize(
    ("text", "encoding", "folded"),
    [
        ("Größe", "latin-1", "Größe"),
        ("Größe", "ascii", "Gro?e"),
        ("3 × 4 → 12", "latin-1", "3 × 4 -> 12"),
        ("3 × 4 → 12", "cp1252", "3 × 4 -> 12"),
        ("3 × 4 → 12", "ascii", "3 x 4 -> 12"),
        ("＜b＞ ½", "ascii", "<b> 1/2"),
        ("数", "cp1252", "?"),
        ("é", "nonsense", "e"),
        ("é", "utf-16", "é"),
    ],
)
def test_what_stands_for_a_character(text, encoding, folded):
    assert fold(text, encoding) == folded


def test_messages_are_folded_before_they_are_made_harmless():
    result = run("show", "ｎｏ\x1b[31m", "--ascii")
    assert result.exit_code == 2
    assert result.stderr.startswith("no network 'no\\x1b[31m'")


@pytest.mark.parametrize(
    "line",
    [["schema", "{}"], ["list", "--nosuch={}"], ["show", "vgg16", "--format", "{}"], ["show", "vgg16", "--batch", "{}"],
     ["{}"], ["completion", "{}"], ["show", "vgg16", "--dtype", "{}"], ["memory", "vgg16", "--optimizer", "{}"]],
    ids=" ".join,
)  # fmt: skip
def test_what_click_says_cannot_drive_a_terminal(line):
    result = run(*[word.replace("{}", "\x1b]0;pwn\a\x9b2J\u202e") for word in line])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr
    assert all(char.isprintable() for char in result.stderr.replace("\n", ""))


def test_a_title_over_several_lines_is_one_line_in_a_table():
    text = 'name: n\ninput: [3, 8, 8]\ntitle: "a\\n\\n# big\\n\\ntotal 5"\nlayers: [conv: 3]\n'
    assert archcalc.loads(text).title == "a\n\n# big\n\ntotal 5"
    for format in ("table", "plain", "markdown", "latex"):
        lines = run("show", "-", "--format", format, input=text).stdout.split("\n")
        first = lines[format == "latex"]
        assert "big" in first and "input 3 x 8 x 8" in first
