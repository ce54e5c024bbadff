"""The columns of layer tables: the word, heading, exact value and cell of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc import units
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.operations import KINDS_OF_PARAMS, KINDS_OF_WORK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.analyses.rows import Row
    from archcalc.operations.base import Shape
    from archcalc.render.view import View


class Column(NamedTuple):
    """One column: ``value`` is exact, for csv and tsv; ``cell`` is what tables print."""

    word: str
    head: Callable[[View], str]
    value: Callable[[Row, View], Any]
    cell: Callable[[Row, View], str]
    exact: Callable[[View], str] | None = None
    """Name of the exact value with its unit, if it is not the word."""
    total: Callable[[View], str] | None = None
    exact_total: Callable[[View], Any] | None = None
    left: bool = False
    optional: int = 0
    """How soon a narrow terminal leaves it out; 0 is never."""


def _text(word: str, head: str, value: Callable[[Row, View], Any], optional: int = 0, *, left: bool = False) -> Column:
    def cell(row: Row, view: View) -> str:
        content = value(row, view)
        return "" if content is None else str(content)

    return Column(word, lambda view: head, value, cell, left=left, optional=optional)


def _amount(
    word: str,
    head: Callable[[View], str],
    value: Callable[[Row, View], int],
    unit: Callable[[View], units.Unit],
    whole: Callable[[View], int],
    exact: Callable[[View], str] | None = None,
) -> Column:
    return Column(
        word,
        head,
        value,
        lambda row, view: units.whole(value(row, view), unit(view)),
        exact,
        lambda view: units.whole(whole(view), unit(view)),
        whole,
    )


def _setting(name: str) -> Callable[[Row, View], Any]:
    """Return a setting of the row's one main operation, as papers write it: 3, 1x7, yes."""

    def value(row: Row, view: View) -> Any:
        main = row.main
        if main is None:
            return None
        setting = getattr(main.operation, name, None)
        if isinstance(setting, tuple):
            return _sides(setting)
        return {True: "yes", False: "no"}.get(setting, setting) if isinstance(setting, bool) else setting

    return value


def _sides(values: tuple[int, ...]) -> str:
    if len(set(values)) == 1:
        return str(values[0])
    if len(values) == 4 and values[0] == values[1] and values[2] == values[3]:
        return f"{values[0]}x{values[2]}"
    return ("x" if len(values) == 2 else ",").join(map(str, values))


def _filters(row: Row, view: View) -> Any:
    main = row.main
    if main is None:
        return None
    if hasattr(main.operation, "multiplier"):
        return main.output.channels
    return getattr(main.operation, "filters", None) or getattr(main.operation, "out_features", None)


def hw(shape: Shape) -> str:
    """Write height and width: 55, or 55x27 if they differ."""
    return str(shape.height) if shape.height == shape.width else f"{shape.height}x{shape.width}"


def across(shape: Sequence[int]) -> str:
    """Write a shape as C x H x W without spaces, for cells."""
    return "x".join(map(str, shape))


def _label(row: Row, view: View) -> str:
    attached = row.attached
    marks = f" +{' '.join(attached)}" if attached else ""
    main = row.main
    asked = " (custom)" if main is not None and main.operation.user_defined else ""
    return f"{'  ' * row.level}{row.label}{asked}{marks}"


def _memory_cell(row: Row, view: View) -> str:
    stored = view.counting.memory_bytes(row.layers)
    if stored == 0 and row.in_place:
        return f"({units.whole(row.layers[-1].output_bytes, view.memory)})"
    return units.whole(stored, view.memory)


def _share(word: str, head: str, value: Callable[[Row, View], int], whole: Callable[[View], int]) -> Column:
    return Column(
        word,
        lambda view: head,
        lambda row, view: value(row, view) / whole(view) if whole(view) else None,
        lambda row, view: units.percent(value(row, view), whole(view)),
        total=lambda view: units.percent(whole(view), whole(view)),
        exact_total=lambda view: 1.0 if whole(view) else None,
    )


def _of_work(kind: str) -> Column:
    return _amount(
        f"ops.{kind}",
        lambda view: f"{kind}\n({view.work.name} ops)" if view.work.name else f"{kind}\n(ops)",
        lambda row, view: row.of_kind("ops", kind),
        lambda view: view.work,
        lambda view: view.report.ops[kind],
    )


def _of_params(kind: str) -> Column:
    return _amount(
        f"params.{kind}",
        lambda view: _with_unit(kind, view.params),
        lambda row, view: row.of_kind("params", kind),
        lambda view: view.params,
        lambda view: view.report.totals.params_by_kind.get(kind, 0),
    )


def _with_unit(word: str, unit: units.Unit) -> str:
    return f"{word}\n({unit.name})" if unit.name else word


def _params(row: Row, view: View) -> int:
    return view.counting.params(row.layers)


def _work(row: Row, view: View) -> int:
    return view.counting.work(row.layers)


def _memory(row: Row, view: View) -> int:
    return view.counting.memory_bytes(row.layers)


COLUMNS: tuple[Column, ...] = (
    Column("layer", lambda view: "layer", lambda row, view: row.path, _label, left=True),
    _text("op", "operation", lambda row, view: row.words, left=True),
    _text("in_c", "input\nC", lambda row, view: row.input.channels, 2),
    _text("in_hw", "input\nH/W", lambda row, view: hw(row.input), 2),
    _text("input", "input", lambda row, view: across(row.input)),
    _text("filters", "filters", _filters, 3),
    _text("kernel", "kernel", _setting("kernel"), 4),
    _text("stride", "stride", _setting("resolved_stride"), 5),
    _text("pad", "pad", _setting("pad"), 6),
    _text("dilation", "dilation", _setting("dilation")),
    _text("groups", "groups", _setting("groups")),
    _text("bias", "bias", _setting("bias")),
    _text("out_c", "output\nC", lambda row, view: row.output.channels),
    _text("out_hw", "output\nH/W", lambda row, view: hw(row.output)),
    _text("output", "output", lambda row, view: across(row.output)),
    Column(
        "memory",
        lambda view: _with_unit("memory", view.memory),
        _memory,
        _memory_cell,
        lambda view: "memory_bytes",
        lambda view: units.whole(view.sums.memory_bytes, view.memory),
        lambda view: view.sums.memory_bytes,
    ),
    _amount(
        "params",
        lambda view: _with_unit("params", view.params),
        _params,
        lambda view: view.params,
        lambda view: view.sums.params,
    ),
    _amount(
        "macs",
        lambda view: _with_unit(view.counting.work_name, view.work),
        _work,
        lambda view: view.work,
        lambda view: view.sums.work,
        lambda view: view.counting.work_name.lower(),
    ),
    _share("params_share", "params\nshare", _params, lambda view: view.sums.params),
    _share("macs_share", "MACs\nshare", _work, lambda view: view.sums.work),
    _share("memory_share", "memory\nshare", _memory, lambda view: view.sums.memory_bytes),
    _text("receptive_field", "receptive\nfield", lambda row, view: _both(row.layers[-1].receptive_field)),
    _text("effective_stride", "effective\nstride", lambda row, view: _both(row.layers[-1].effective_stride)),
    _text("depth", "depth", lambda row, view: row.layers[-1].depth),
    _text("times", "times", lambda row, view: row.layers[0].times),
    _amount(
        "buffers",
        lambda view: _with_unit("buffers", view.params),
        lambda row, view: row.buffers,
        lambda view: view.params,
        lambda view: view.report.totals.buffers,
    ),
    *(_of_work(kind) for kind in KINDS_OF_WORK),
    *(_of_params(kind) for kind in KINDS_OF_PARAMS),
)

BY_WORD = {column.word: column for column in COLUMNS}

LECTURE = (
    "layer", "in_c", "in_hw", "filters", "kernel", "stride", "pad", "out_c", "out_hw", "memory", "params", "macs",
)  # fmt: skip
"""The columns of the lecture tables, which `show` prints."""


def _both(values: tuple[int, int] | None) -> str:
    return "" if values is None else _sides(values)


def choose(words: str | None) -> tuple[Column, ...]:
    """Return the requested columns: words with commas, or ``+word`` to add to the usual ones."""
    if words is None:
        return tuple(BY_WORD[word] for word in LECTURE)
    asked = [word.strip() for word in words.split(",") if word.strip()]
    if not asked:
        raise RequestError(f"no columns in '{printable(words)}'; there are {', '.join(BY_WORD)}")
    chosen = list(LECTURE) if all(word.startswith("+") for word in asked) else []
    for word in asked:
        name = word.lstrip("+")
        if name == "all":
            chosen.extend(column.word for column in COLUMNS)
        elif name in BY_WORD:
            chosen.append(name)
        else:
            hint = did_you_mean(name, BY_WORD) or f"; there are {', '.join(BY_WORD)}"
            raise RequestError(f"no column '{printable(name)}'{hint}")
    return tuple(BY_WORD[word] for word in dict.fromkeys(chosen))
