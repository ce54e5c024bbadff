"""Formulas: exact values, and everything that they refuse, in bounded time."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import product

import pytest

from archcalc.language.formula import Formula, Scope, is_formula
from archcalc.limits import MAX_FORMULA_LENGTH, MAX_FORMULA_NESTING, MAX_NUMBER
from archcalc.operations.base import Shape
from archcalc.text.tree import NodeError, Scalar

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
    with pytest.raises(NodeError, match="stands in none"):
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
    started = time.perf_counter()
    with pytest.raises(NodeError) as caught:
        evaluate(text)
    assert time.perf_counter() - started < 0.5
    message = str(caught.value)
    assert message
    assert len(message) < MAX_FORMULA_LENGTH + 300


@pytest.mark.parametrize("text", LARGE, ids=lambda text: f"{text[:12]}... {len(text)} characters")
def test_what_is_too_large_ends_soon(text):
    started = time.perf_counter()
    try:
        evaluate(text)
    except NodeError as wrong:
        assert len(str(wrong)) < MAX_FORMULA_LENGTH + 300
    else:
        assert len(text) <= MAX_FORMULA_LENGTH
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1" * (MAX_FORMULA_LENGTH + 1), f"{MAX_FORMULA_LENGTH} are the most"),
        ("(" * 60 + "1" + ")" * 60, f"more than {MAX_FORMULA_NESTING} levels deep"),
        ("-" * 60 + "1", f"more than {MAX_FORMULA_NESTING} levels deep"),
        (str(10**15 + 1), "a number larger than 1,000,000,000,000,000"),
        ("10**15 * 10", "a number larger than 1,000,000,000,000,000"),
        ("max(8", "put the whole formula in quotes"),
        ("widht", "unknown name 'widht' (did you mean 'width'?)"),
        ("in_chanels", "did you mean 'in_channels'?"),
        ("abs(1)", "ceil, floor, round, min, max, make_divisible"),
        ("min(1)", "1 values for min, which takes 2 to 20"),
        ("0x10", "'0x10' in '=0x10' is no number"),
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


@pytest.mark.parametrize(
    ("text", "plain", "column"),
    [("=widht", True, 11), ("=4*widht", True, 13), ("=widht", False, 12), ("=1 + abs(2)", True, 15)],
)
def test_message_points_at_the_word(text, plain, column):
    with pytest.raises(NodeError) as caught:
        Formula(Scalar(text, plain, 3, 10), VALUES)
    assert (caught.value.mistake.line, caught.value.mistake.column) == (3, column)
