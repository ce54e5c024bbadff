"""The cases of the fuzzer: specs of the zoo that are broken a little, specs from the grammar, and YAML of any kind."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from archcalc.operations import OPERATIONS, operation
from archcalc.published.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

SPECS = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[2] / "specs").glob("[a-z]*.yaml"))]

HOSTILE = (
    "0", "-1", "1", "2", "3", "7", "10000", "1000000000", "1000000000000000", "1000000000000001", "9" * 40, "9" *
    10_000, "-0", "00", "010", "0x10", "1e3", "1_000", "1:30", "0.5", ".5", "1.", "0.3333333333", "1/3", "-0.5",
    "nan", "inf", "true", "no", "null", "~", '""', "''", "[]", "{}", "[[]]", "=", "=1/0", "=9**9**9", "=10**15*10",
    "=1/3", "=index", "=in_channels", "=in_height-8", "=in_channels*in_channels", "='text'", "=true",
    "=().__class__", "=x.y", "=(1", "=max(1, 2)", "=min(in_channels, 4)", "=-in_width", "*a", "&a 3",
    "!!python/object:os.system", "<<", "\\0", '"\\e[31m"', "[red]", "é", "名", "💩", "\u202e", "\x85", "\x00",
    "\x1b[2J", "\ufeff", "\t", "# end", "|", ">", "---", "...", "%YAML 1.1", "138M", "93MB", "12,5", "1,000", "-",
    "<= 5M", ">= 0", "same", "224x224x3", "misprint",
)  # fmt: skip
"""What stands in for a number, and what is put between words."""

KEYS = (
    "name", "from", "repeat", "when", "with", "times", "survival", "use", "training", "layers", "args", "blocks",
    "input", "variants", "set", "published", "expect", "cite", "year", "aliases", "pattern", "title", "notes",
    "sources", "at", "unit", "to", "k", "columns", "rows", "convention", "params", "macs", "memory", "output",
    "kernel", "pad", "stride", "groups", "params_share", "weight_shape", "depth", "receptive_field", "under", "tried",
    "without", "is", "network", "remark", *OPERATIONS,
)  # fmt: skip

_TOKEN = re.compile(r"[\w.]+|\s+|.", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")


def _one_of(texts: Sequence[str]) -> st.SearchStrategy[str]:
    """Draw one of some texts; hypothesis would show all of them whenever a case fails."""
    return st.integers(0, len(texts) - 1).map(texts.__getitem__)


words = st.one_of(_one_of(HOSTILE), _one_of(KEYS))
places = st.integers(0, 2**20)


def _moved(parts: list[str], change: str, at: int, other: int) -> str:
    """Drop, duplicate or swap some of the parts of a text."""
    if parts:
        at, other = at % len(parts), other % len(parts)
        if change == "drop":
            del parts[at]
        elif change == "duplicate":
            parts.insert(other, parts[at])
        else:
            parts[at], parts[other] = parts[other], parts[at]
    return "".join(parts)


def _replaced(text: str, at: int, word: str) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return word
    match = found[at % len(found)]
    return text[: match.start()] + word + text[match.end() :]


def mutated(text: str, change: str, at: int, other: int, word: str) -> str:
    """Return a text with one change made to it."""
    kind, _, what = change.partition(" ")
    if what == "line":
        return _moved(text.splitlines(keepends=True), kind, at, other)
    if what == "word":
        return _moved(_TOKEN.findall(text), kind, at, other)
    if kind == "number":
        return _replaced(text, at, word)
    place = at % (len(text) + 1)
    if kind == "insert":
        return text[:place] + word + text[place:]
    if kind == "bracket":
        return text[:place] + "[]{}(),:'\"-=&*#"[other % 15] + text[place:]
    if kind == "cut":
        return text[:place] + text[place + other % 40 :]
    if kind == "end":
        return text[:place]
    if kind == "splice":
        second = SPECS[other % len(SPECS)]
        return text[:place] + second[(at * 7) % (len(second) + 1) :]
    lines = text.splitlines(keepends=True) or [""]
    line = at % len(lines)
    lines[line] = lines[line][2:] if other % 2 and lines[line].startswith("  ") else " " * (other % 5) + lines[line]
    return "".join(lines)


CHANGES = (
    "drop line", "duplicate line", "swap line", "drop word", "duplicate word", "swap word", "number", "number",
    "number", "insert", "bracket", "cut", "end", "splice", "indent",
)  # fmt: skip


@st.composite
def broken(draw: st.DrawFn) -> str:
    """Break a spec of the zoo in one to four places."""
    text = draw(_one_of(SPECS))
    for change in draw(st.lists(st.tuples(st.sampled_from(CHANGES), places, places, words), min_size=1, max_size=4)):
        text = mutated(text, *change)
    return text


_small = st.integers(1, 9).map(str)
_usual = st.one_of(_small, st.sampled_from(("1", "1", "2", "2", "3", "4", "8", "=n", "=2*n", "=in_channels")))
_rare = st.one_of(st.sampled_from(("same", "true", "false", "[1, 3]", "=n//2", "=index")), _one_of(HOSTILE[:60]))
_value = st.integers(0, 40).flatmap(lambda chance: _rare if chance == 23 else _usual)
_name = st.sampled_from(("a", "b", "c", "conv1", "aux", "名", "x y", "input"))
_of_setting = {
    "kernel": ("1", "2", "3", "[1, 3]"),
    "stride": ("1", "2"),
    "pad": ("0", "1", "same", "{top: 1}", "[0, 1]"),
    "groups": ("1",),
    "dilation": ("1", "2"),
    "round": ("floor", "ceil"),
    "probability": ("0.5", ".2", "0"),
    "shape": ("[2, 3, 4]",),
    "connections": ("[1]", "[1, 1]"),
    "filters": ("2", "4", "8", "=2*n", "=in_channels"),
    "pieces": ("2",),
    "start": ("0",),
    "output_size": ("8", "[4, 4]"),
    "output_pad": ("0",),
    "height": ("4",),
    "width": ("4",),
    "channels": ("2", "=in_channels"),
    **dict.fromkeys(("bias", "scale", "shift", "stores", "weighted"), ("true", "false")),
}


def _setting(name: str) -> st.SearchStrategy[str]:
    """Draw what a setting may have; once in a while anything."""
    usual = st.sampled_from(_of_setting[name]) if name in _of_setting else _usual
    return st.integers(0, 60).flatmap(lambda chance: _rare if chance == 37 else usual)


@st.composite
def _words(draw: st.DrawFn) -> str:
    """Draw words about an item: most have none."""
    if draw(st.integers(0, 9)) < 7:
        return ""
    said = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "name": _name,
                "from": st.sampled_from(("input", "input", "input", "input", "a")),
                "repeat": _value,
                "when": st.sampled_from(("true", "false", "=n > 2", "=in_channels != 8", "=in_height == 1")),
                "times": _value,
                "survival": st.sampled_from(("0.5", "1", "0", "=1/n", "=1/(n + in_channels)")),
            },
        )
    )
    return "".join(f"{word}: {value}, " for word, value in said.items())


@st.composite
def _operation(draw: st.DrawFn) -> str:
    word = draw(st.sampled_from([each for each in OPERATIONS if not operation(each).has_branches]))
    settings = operation(word).settings
    said = {
        name: draw(_setting(name)) for name, each in settings.items() if each.required or draw(st.integers(0, 9)) > 7
    }
    return f"{{{draw(_words())}{word}: {{{', '.join(f'{name}: {value}' for name, value in said.items())}}}}}"


@st.composite
def _call(draw: st.DrawFn) -> str:
    words, block, value = draw(_words()), draw(st.sampled_from(("one", "two", "grow"))), draw(_value)
    return draw(
        st.sampled_from(
            (
                f"{{{words}{block}: {value}}}",
                f"{{{words}{block}: {{n: {value}}}}}",
                f"{{{words}use: ={block!r}, with: [{value}]}}",
                block,
            )
        )
    )


def _nested(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    branch = st.lists(items, max_size=3).map(lambda found: f"[{', '.join(found)}]")
    wrapped = st.builds(lambda layers, source: f"{{from: {source}, layers: {layers}}}", branch, _name)
    merge = st.builds(
        lambda words, word, branches: f"{{{words}{word}: [{', '.join(branches)}]}}",
        _words(),
        st.sampled_from([word for word in OPERATIONS if operation(word).has_branches]),
        st.lists(st.one_of(branch, branch, wrapped), min_size=1, max_size=3),
    )
    return st.one_of(merge, st.builds(lambda words, inside: f"{{{words}training: {inside}}}", _words(), branch))


_item = st.recursive(st.one_of(_operation(), _operation(), _operation(), _call()), _nested, max_leaves=6)
_plain_item = st.recursive(_operation(), _nested, max_leaves=4)
_figure = st.builds(
    lambda word, value, option, given: f"{{{word}: {value}, cite: here, {option}: {given}}}",
    st.sampled_from(tuple(QUANTITIES)),
    _value,
    st.sampled_from(
        (
            "at",
            "to",
            "k",
            "unit",
            "input",
            "set",
            "convention",
            "misprint",
            "order",
            "where",
            "under",
            "other",
            "unexplained",
            "tried",
            "without",
            "round",
        )
    ),
    st.sampled_from(
        (
            "input",
            "100K",
            "1024",
            "values",
            "16",
            "{n: 3}",
            "pooling",
            "why",
            "hwc",
            "''",
            "conv_1",
            "up",
            "{set: {n: 3}}",
            "{is: =2*params/depth}",
            "{without: conv_1}",
            "{network: lenet5}",
            "{input: 16, k: 1024}",
            "[{bias: false}, {at: input}]",
        )
    ),
)


@st.composite
def grammatical(draw: st.DrawFn) -> str:
    """Write a spec as the grammar has it: most are right, some ask for what cannot be."""
    items = st.lists(_item, min_size=1, max_size=5)
    lines = [f"name: {draw(_name)}", f"input: [{draw(_small)}, {draw(st.sampled_from(('24', '32', '=9*n', '1')))}, 40]"]
    lines += [f"args: {{n: {draw(_value)}}}", "blocks:"]
    for block in ("one", "two", "grow"):
        lines.append(f"  {block}:\n    args: {{n: {draw(st.sampled_from(('3', '4', '=n', '')))}}}\n    layers:")
        lines += [f"      - {item}" for item in draw(st.lists(_plain_item, min_size=1, max_size=3))]
    lines += ["      - {when: =n > 1, grow: =n-1}"] if draw(st.booleans()) else []
    lines += ["layers:", *(f"  - {item}" for item in draw(items))]
    figures = draw(st.lists(_figure, max_size=3))
    if figures:
        lines += ["sources: {here: {title: somewhere}}", "published:", *(f"  - {figure}" for figure in figures)]
    return "\n".join(lines) + "\n"


_scalar = st.one_of(words, st.text(max_size=20), st.integers().map(str))


def _flow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(_scalar, inner), max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        ),
    )


yaml_of_any_kind = st.one_of(
    st.recursive(_scalar, _flow, max_leaves=12),
    st.lists(st.tuples(st.sampled_from(KEYS), st.recursive(_scalar, _flow, max_leaves=6)), max_size=8).map(
        lambda pairs: "".join(f"{key}: {value}\n" for key, value in pairs)
    ),
    st.text(max_size=200),
    st.lists(words, max_size=30).map(" ".join),
)

cases = st.one_of(broken(), broken(), broken(), grammatical(), grammatical(), yaml_of_any_kind)
"""All cases, as texts."""
