"""Formulas: exact values, and everything that they refuse, in bounded time."""

from __future__ import annotations

import time
import warnings
from contextlib import suppress
from fractions import Fraction
from itertools import product

import pytest
from rich.cells import cell_len

import archcalc
from archcalc.conventions.convention import resolve as convention
from archcalc.errors import SpecError
from archcalc.language.formula import Formula, Scope, is_formula
from archcalc.limits import MAX_FORMULA_LENGTH, MAX_FORMULA_NESTING, MAX_NUMBER
from archcalc.operations.base import Shape
from archcalc.text.source import Source
from archcalc.text.tree import NodeError, Scalar, read_tree

VALUES = {"width": 4, "ratio": Fraction(1, 6), "block": "basic", "wide": True, "zero": 0, "below": -7}


def evaluate(text, index=None, values=VALUES):
    formula = Formula(Scalar(f"={text}", True, 0, 0), values)
    return formula.evaluate(Scope(values, Shape(16, 8, 6), index))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        (" 1 ", 1),
        ("-1", -1),
        ("+3", 3),
        ("4*width", 16),
        ("1 + 2*3 - 4", 3),
        ("(1 + 2)*3", 9),
        ("7 // 2", 3),
        ("-7 // 2", -4),
        ("7 % 3", 1),
        ("-7 % 3", 2),
        ("7 / 2", Fraction(7, 2)),
        ("8 / 2", 4),
        ("1/3*3", 1),
        ("1/3 + 1/6", Fraction(1, 2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("0.1 * 10", 1),
        (".5", Fraction(1, 2)),
        ("ratio * 6", 1),
        ("2 ** 10", 1024),
        ("0 ** 0", 1),
        ("(1/2) ** 2", Fraction(1, 4)),
        ("-2 ** 2", -4),
        ("1.2 ** 3", Fraction(216, 125)),
        ("floor(7/2)", 3),
        ("floor(-1/2)", -1),
        ("ceil(7/2)", 4),
        ("ceil(-1/2)", 0),
        ("ceil(3)", 3),
        ("min(3, width, 9)", 3),
        ("max(3, width)", 4),
        ("max(1/3, 1/4)", Fraction(1, 3)),
        ("in_channels", 16),
        ("in_height * in_width", 48),
        ("1 if width > 3 else 2", 1),
        ("1 if zero else 2", None),
        ("block == 'basic'", True),
        ('block == "basic"', True),
        ("block != 'basic'", False),
        ("'a, b'", "a, b"),
        ("'wide' if wide else 'narrow'", "wide"),
        ("wide", True),
        ("true", True),
        ("not wide", False),
        ("wide and width == 4", True),
        ("wide or 1/0 == 1", True),
        ("not wide and 1/0 == 1", False),
        ("zero if wide else 1/zero", 0),
        ("1 < 2 < 3", True),
        ("1 < 2 > 3", False),
        ("3 >= 3 and 3 <= 3", True),
        ("1 == 'a'", False),
        (f"{MAX_NUMBER}", MAX_NUMBER),
        ("make_divisible(width*0.75, 8)", 8),
    ],
)
def test_value(text, value):
    if value is None:
        with pytest.raises(NodeError, match="needs true or false"):
            evaluate(text)
        return
    found = evaluate(text)
    assert found == value
    assert type(found) is type(value), "a whole number is an int, never a float"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("round(0.5)", 1),
        ("round(1.5)", 2),
        ("round(2.5)", 3),
        ("round(2.4)", 2),
        ("round(2.49999999)", 2),
        ("round(-0.5)", 0),
        ("round(-1.5)", -1),
        ("round(-1.6)", -2),
        ("round(7)", 7),
        ("round(1/3)", 0),
        ("round(2/3)", 1),
    ],
)
def test_halves_are_rounded_up(text, value):
    assert evaluate(text) == value


def divisible(value, divisor):
    """Find the nearest multiple by trying them all; of two as near the larger."""
    tried = [multiple * divisor for multiple in range(1, int(value // divisor) + 3)]
    nearest = max(tried, key=lambda each: (-abs(each - value), each))
    while nearest < Fraction(9, 10) * value:
        nearest += divisor
    return nearest


@pytest.mark.parametrize("divisor", [1, 2, 4, 8, 10, 16])
def test_make_divisible_agrees_with_its_definition(divisor):
    for numerator, denominator in product(range(120), (1, 2, 3, 7, 10)):
        value = Fraction(numerator, denominator)
        found = evaluate("make_divisible(v, d)", values={"v": value, "d": divisor})
        assert found == divisible(value, divisor), (value, divisor)
        assert type(found) is int


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("make_divisible(32*0.35, 8)", 16),  # MobileNetV2's first layer at width 0.35: 11.2, where 8 is below 0.9 of it
        ("make_divisible(32*1.4, 8)", 48),
        ("make_divisible(16*0.75, 8)", 16),  # 12 lies between 8 and 16: half up
        ("make_divisible(1, 8)", 8),
        ("make_divisible(-5, 8)", 8),
        ("make_divisible(100, 8)", 104),
    ],
)
def test_make_divisible_in_networks(text, value):
    assert evaluate(text) == value


def test_index():
    assert evaluate("index", index=1) == 1
    assert evaluate("16*index", index=3) == 48
    with pytest.raises(NodeError, match="outside of a repetition"):
        evaluate("index")


@pytest.mark.parametrize(("text", "formula"), [("=1", True), ("=", True), ("1", False), (" =1", False), ("", False)])
def test_a_formula_begins_with_an_equals_sign(text, formula):
    assert is_formula(Scalar(text, True, 0, 0)) is formula


def test_a_name_that_is_no_longer_plain_python_is_an_argument_all_the_same():
    assert evaluate("print + abs", values={"print": 1, "abs": 2}) == 3


SYNTAX = [
    "",
    "1 +",
    "1 2",
    ")",
    "(1))",
    "x = 1",
    "1; 2",
    "1\n2",
    "import os",
    "def f(): pass",
    "\x00",
    "'open",
]
NOT_ARITHMETIC = [
    "width.numerator",
    "().__class__",
    "''.join('a')",
    "__import__('os')",
    "open('file')",
    "eval('1')",
    "print(1)",
    "floor.__call__(1)",
    "(lambda: 1)()",
    "lambda: 1",
    "[1, 2]",
    "(1, 2)",
    "{1: 2}",
    "{1}",
    "[x for x in (1, 2)]",
    "max(x for x in 1)",
    "width[0]",
    "'text'[0]",
    "f'{width}'",
    "(width := 3)",
    "max(*width)",
    "max(1, 2, key=3)",
    "max(**width)",
    "await width",
    "yield",
    "...",
    "None",
    "True",
    "b'a'",
    "1j",
    "width is width",
    "width in width",
    "~width",
    "1 << 60",
    "1 >> 1",
    "1 | 2",
    "1 & 2",
    "1 ^ 2",
    "1 @ 2",
]
NUMBERS = ["0x10", "0b1", "0o7", "1e3", "1e999", "1_000", "010", "1E400", "nan", "inf", "1.5e3"]
NAMES = ["missing", "widht", "Width", "index2", "os", "__builtins__"]
CALLS = ["floor()", "floor(1, 2)", "make_divisible(1)", "min()", "max(1)", "abs(1)", "sum(1, 2)", "int(1)", "1(2)"]
VALUE_ERRORS = [
    "1 / 0",
    "1 / zero",
    "1 // 0",
    "1 % 0",
    "1 + 'a'",
    "'a' + 'b'",
    "'a' * 3",
    "-'a'",
    "+block",
    "block + 1",
    "block * 1000000000",
    "'%s' % 1",
    "wide + 1",
    "-wide",
    "floor('a')",
    "max('a', 'b')",
    "min(wide, 1)",
    "'a' < 1",
    "1 if 1 else 2",
    "1 and 2",
    "not 1",
    "not 'a'",
    "wide and 1",
    "2 ** 65",
    "2 ** -1",
    "2 ** 0.5",
    "2 ** (1/2)",
    "0 ** -1",
    "9**9**9",
    "9**9**9**9",
    "10**15 * 10**15",
    "10 ** 16",
    "1.0000001 ** 64",
    "1 / 10**15 / 10",
    "10**15 + 1",
    "-10**15 - 1",
    "make_divisible(8, 0)",
    "make_divisible(8, -8)",
    "make_divisible(8, 1.5)",
    "index",
]
LARGE = [
    str(10**15 + 1),
    "9" * 400,
    "0." + "1" * 300,
    "1" + "+1" * 240,
    "-" * 400 + "1",
    "not " * 100 + "true",
    "(" * 60 + "1" + ")" * 60,
    "max(1, " * 60 + "1" + ")" * 60,
    "1 if true else " * 30 + "1",
    "1 + " * 200 + "1",
    "1" * (MAX_FORMULA_LENGTH + 1),
    "1 " + "+ 1" * 100_000,
    "(" * 100_000,
    "2 ** " * 90 + "2",
    "1 < " * 120 + "'a'",
]


@pytest.mark.parametrize("text", [*SYNTAX, *NOT_ARITHMETIC, *NUMBERS, *NAMES, *CALLS, *VALUE_ERRORS], ids=repr)
def test_refused(text):
    started = time.process_time()
    with pytest.raises(NodeError) as caught:
        evaluate(text)
    assert time.process_time() - started < 0.5
    message = str(caught.value)
    assert message
    assert len(message) < MAX_FORMULA_LENGTH + 300


@pytest.mark.parametrize("text", LARGE, ids=lambda text: f"{text[:12]}... {len(text)} characters")
def test_what_is_too_large_ends_soon(text):
    started = time.process_time()
    try:
        evaluate(text)
    except NodeError as wrong:
        assert len(str(wrong)) < MAX_FORMULA_LENGTH + 300
    else:
        assert len(text) <= MAX_FORMULA_LENGTH
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1" * (MAX_FORMULA_LENGTH + 1), f"at most {MAX_FORMULA_LENGTH} are allowed"),
        ("(" * 60 + "1" + ")" * 60, f"more than {MAX_FORMULA_NESTING} levels deep"),
        ("-" * 60 + "1", f"more than {MAX_FORMULA_NESTING} levels deep"),
        (str(10**15 + 1), "a number larger than 1,000,000,000,000,000"),
        ("10**15 * 10", "a number larger than 1,000,000,000,000,000"),
        ("max(8", "put the whole formula in quotes"),
        ("widht", "unknown name 'widht' (did you mean 'width'?)"),
        ("in_chanels", "did you mean 'in_channels'?"),
        ("abs(1)", "ceil, floor, round, min, max, make_divisible"),
        ("min(1)", "1 values for min, which takes 2 to 20"),
        ("0x10", "'0x10' in '=0x10' is not a number"),
        ("1/0", "divides by zero"),
        ("block + 1", "needs a number, but block is 'basic'"),
        ("1 if 1 else 2", "needs true or false, got 1"),
    ],
    ids=lambda text: text[:40],
)
def test_message_says_what_is_wrong(text, message):
    with pytest.raises(NodeError) as caught:
        evaluate(text)
    assert message in str(caught.value)


# Formulas in files: over several lines, in quotes and blocks. The place of a mistake is that of the word in the file.

LINES = {
    "plain": "  - conv: =foo + 1",
    "plain, later": "  - conv: =4*(1+2) - foo",
    "plain in braces": "  - {conv: {filters: =2*foo, kernel: 3}}",
    "plain over lines": "  - conv: =(1 +\n      2 +\n\n\n      foo)*2",
    "plain, spaces at the end of a line": "  - conv: =(1 +   \n      foo)*2",
    "plain, spaces after the sign": "  - conv: =   foo",
    "single quotes": "  - conv: '=1 + foo'",
    "single quotes, doubled": "  - conv: '=(4 if ''a'' == ''b'' else foo)'",
    "single quotes over lines": "  - conv: '=(1 +\n   \n   foo)'",
    "double quotes": '  - conv: "=1 + foo"',
    "double quotes, escapes": '  - conv: "=(\\x31 + \\u0032 + \\U00000033 +\\t4 + foo)"',
    "double quotes, escaped quotes": '  - conv: "=(\\"a\\" == foo)"',
    "double quotes over lines": '  - conv: "=(1 +\n     2\n\n    + foo)"',
    "double quotes, escaped line end": '  - conv: "=(1 + \\\n     foo)"',
    "double quotes, escaped breaks": '  - conv: "=(9.75\\n+foo)*4"',
    "literal block": "  - conv: |\n      =(1 +\n          foo) * 2",
    "literal block, first line": "  - conv: |\n      =foo + 1",
    "literal block, empty lines": "  - conv: |-\n      =(1 +\n\n\n       foo)",
    "literal block, a comment in its head": "  - conv: |- # a formula\n      =(1 +\n       foo)",
    "literal block, indented by its head": "  - conv: |2\n      =(1 +\n        foo)",
    "folded block": "  - conv: >\n      =(1 +\n      foo) * 2",
    "folded block, empty lines": "  - conv: >+\n      =(1 +\n\n\n      2 +\n      foo) * 2\n\n",
    "folded block, lines further in": "  - conv: >\n      =(1 +\n         2 +\n      foo) * 2",
    "letters of several bytes before": "  - conv: =('éé\U0001f600é' == foo)",
    "letters of several bytes on the line": "  - {name: éé\U0001f600, conv: =('é' == foo)}",
    "several bytes over lines": "  - conv: |\n      =('é' == 'ü' or\n      'é' == foo)",
    "an anchor before": "  - conv: &a =1 + foo",
    "an anchor before a block": "  - conv: &a |\n      =1 + \n      foo",
    "a tag before": '  - conv: ! "=1 + foo"',
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("written", LINES.values(), ids=LINES)
def test_a_mistake_stands_at_its_word_in_the_file(written, end):
    text = f"name: n\ninput: [3, 8, 8]\nlayers:\n{written}\n"
    before = text[: text.index("foo")]
    place = (before.count("\n"), len(before) - before.rfind("\n") - 1)
    with pytest.raises(SpecError) as caught:
        archcalc.loads(text.replace("\n", end)).analyze()
    mistake = caught.value.mistakes[0]
    assert "unknown name 'foo'" in mistake.message
    assert (mistake.line, mistake.column) == place
    shown, caret = str(caught.value).split("\n")[-2:]
    assert cell_len(shown[: shown.index("foo")]) == len(caret) - 1


@pytest.mark.parametrize("written", LINES.values(), ids=LINES)
def test_a_formula_has_the_value_that_it_has_on_one_line(written):
    """Where the word is replaced by a decimal, digits come from their own line."""
    text = f"name: n\ninput: [3, 8, 8]\nlayers:\n{written}\n".replace("foo", "1.25")
    node = value_of(text)
    known = Formula(Scalar(node.value.replace("\n", " "), True, 0, 0), VALUES)
    scope = Scope(VALUES, Shape(16, 8, 6))
    assert known.evaluate(scope) == Formula(node, VALUES).evaluate(scope)


def value_of(text):
    """Return the first formula of a text."""
    nodes = [read_tree(Source("f.yaml", text))]
    while nodes:
        node = nodes.pop()
        if is_formula(node):
            return node
        nodes += getattr(node, "items", []) or getattr(node, "values", [])
    raise AssertionError("no formula")


@pytest.mark.parametrize(
    ("written", "filters"),
    [
        ('"=(9.75\\n+0.25)*4"', 40),
        ('"=(1\\n+0.25)*4"', 5),
        ("|\n      =(0.25 * 4\n        + 0.75 * 4)\n", 4),
        (">\n      =(0.25 * 4\n      + 0.75 * 4)\n", 4),
        ("|\n      =8 *\n        2\n", 16),
        ("=(1.5 +\n      2.5) * 2", 8),
        ("'=(1.5 +\n\n      2.5) * 2'", 8),
        ('"=(\\"é\\" == \\"é\\" and 2.5*2 or 1)"', None),
        ("\"=5.5*2 if 'éé' == 'éé' else 0.25*4\"", 11),
    ],
)
def test_decimals_over_several_lines(written, filters):
    text = f"name: n\ninput: [3, 8, 8]\nlayers:\n  - conv: {written}\n"
    if filters is None:
        with pytest.raises(SpecError, match="needs true or false"):
            archcalc.loads(text).analyze()
        return
    assert archcalc.loads(text).analyze().layers[-1].output.channels == filters


def test_a_convention_over_several_lines(tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text('a: {title: t, says: s, source: x, cost: {default: "=(1\\n+0.5)*mac"}}\n', encoding="utf-8")
    counted = convention(str(rules))
    report = archcalc.loads("name: n\ninput: [3, 8, 8]\nlayers: [conv: 4]").analyze()
    assert counted.total_cost(report) == report.macs * 3 // 2
    rules.write_text("a:\n  title: t\n  says: s\n  source: x\n  cost:\n    default: |\n      =(mac +\n      mcas)\n")
    with pytest.raises(SpecError, match=r"rules\.yaml:8:7: unknown name 'mcas'.* in '=\(mac \+ mcas\)'"):
        convention(str(rules))


ODD = {
    "=8 # text": (3, "a comment"),
    "=max(8, # the least\n 4)": (8, "a comment"),
    "=ａ": (1, "'ａ', a character that formulas do not have"),
    "=4\u00a0+ 4": (2, "a character that formulas do not have"),
    "=4 × 4": (3, "'×' instead of '\\*' in '=4 × 4'"),
    "=4 ≤ 5": (3, "'≤' instead of '<='"),
    "=“a” == block": (1, "a character that formulas do not have"),
    "=f'{1if 1 else 2}'": (1, "'f' directly before a quote"),
    "=block == u'basic'": (10, "'u' directly before"),
    "='\\x61' == block": (2, "a backslash"),
    "=1if true else 2": (1, "'1if' in"),
    "=4 + 1_0": (5, "'1_0' in"),
}


@pytest.mark.parametrize("text", ODD)
def test_what_python_would_read_in_a_way_of_its_own_is_refused(text, recwarn):
    offset, message = ODD[text]
    with pytest.raises(NodeError, match=message) as caught:
        Formula(Scalar(text, True, 3, 10), {**VALUES, "a": 1})
    assert caught.value.offset == offset
    assert not recwarn.list


def test_no_warning_of_python_reaches_standard_error():
    """Whatever mixes words, digits, quotes and signs: Python's parser has nothing to warn of."""
    pieces = ["1", "if", "0x", "f'", "'", '"', "is", "(", ")", "1.", "e", "in", "or", "not", "_", "j", "{", "}", "0"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for words in product(pieces, repeat=3):
            for text in ("".join(words), " ".join(words), f"1{''.join(words)} else 2"):
                with suppress(NodeError):
                    Formula(Scalar(f"={text}", True, 0, 0), VALUES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1/2 and true", "needs true or false, got 0.5"),
        ("true + 1", "needs a number, but true is true"),
        ("1 if 0.5 else 2", "needs true or false, got 0.5"),
    ],
)
def test_values_are_shown_as_formulas_write_them(text, message):
    with pytest.raises(NodeError) as caught:
        evaluate(text)
    assert message in str(caught.value)
