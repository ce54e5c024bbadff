"""The columns of layer tables: the word, heading, exact value and cell of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.operations import KINDS_OF_PARAMS, KINDS_OF_WORK
from archcalc.render.column import Column, amount, share, size, text, with_unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archcalc.analyses.rows import Row
    from archcalc.operations.base import Shape
    from archcalc.render.view import View


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


def _padding(row: Row) -> tuple[int, int, int, int] | None:
    main = row.main
    return main.operation.padding(main.inputs[0]) if main is not None and main.inputs else None


def _pad(row: Row, view: View) -> Any:
    """Return the padding of the row's one main operation: a number, or top,bottom,left,right."""
    padding = _padding(row)
    if padding is None:
        return None
    return padding[0] if len(set(padding)) == 1 else ",".join(map(str, padding))


def _pad_cell(row: Row, view: View) -> str:
    padding = _padding(row)
    return "" if padding is None else _sides(padding)


def _side(name: str, axis: int) -> Callable[[Row, View], int | None]:
    """Return one side of a setting of the row's one main operation: the height (0) or the width (1)."""

    def value(row: Row, view: View) -> int | None:
        setting = getattr(row.main.operation, name, None) if row.main is not None else None
        return setting[axis] if isinstance(setting, tuple) else setting

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


def _of_work(kind: str) -> Column:
    return amount(
        f"ops.{kind}",
        lambda view: f"{kind}\n({view.work.name} ops)" if view.work.name else f"{kind}\n(ops)",
        lambda row, view: row.of_kind("ops", kind),
        lambda view: view.work,
        lambda view: view.report.ops[kind],
    )


def _of_params(kind: str) -> Column:
    return amount(
        f"params.{kind}",
        lambda view: with_unit(kind, view.params),
        lambda row, view: row.of_kind("params", kind),
        lambda view: view.params,
        lambda view: view.report.totals.params_by_kind.get(kind, 0),
    )


def _params(row: Row, view: View) -> int:
    return view.counting.params(row.layers)


def _work(row: Row, view: View) -> int:
    return view.counting.work(row.layers)


def _values(row: Row, view: View) -> int:
    return view.counting.values(row.layers)


def _memory(row: Row, view: View) -> int:
    return view.counting.memory_bytes(row.layers)


def _length(what: str, axis: int) -> Callable[[Row, View], int]:
    """Return the height (1) or the width (2) of a row's input or output."""
    return lambda row, view: int(getattr(row, what)[axis])


COLUMNS: tuple[Column, ...] = (
    Column("layer", lambda view: "layer", lambda row, view: row.path, _label, left=True),
    text("op", "operation", lambda row, view: row.words, left=True),
    text("in_c", "input\nC", lambda row, view: row.input.channels, 2),
    text("in_hw", "input\nH/W", lambda row, view: hw(row.input), 2),
    text("input", "input", lambda row, view: across(row.input)),
    text("filters", "filters", _filters, 3),
    text("kernel", "kernel", _setting("kernel"), 4),
    text("stride", "stride", _setting("resolved_stride"), 5),
    Column("pad", lambda view: "pad", _pad, _pad_cell, optional=6),
    text("dilation", "dilation", _setting("dilation")),
    text("groups", "groups", _setting("groups")),
    text("bias", "bias", _setting("bias")),
    text("out_c", "output\nC", lambda row, view: row.output.channels),
    text("out_hw", "output\nH/W", lambda row, view: hw(row.output)),
    text("output", "output", lambda row, view: across(row.output)),
    Column(
        "memory",
        lambda view: with_unit("memory", view.memory),
        _memory,
        _memory_cell,
        lambda view: "memory_bytes",
        lambda view: units.whole(view.sums.memory_bytes, view.memory),
        lambda view: view.sums.memory_bytes,
    ),
    amount(
        "params",
        lambda view: with_unit("params", view.params),
        _params,
        lambda view: view.params,
        lambda view: view.sums.params,
    ),
    amount(
        "macs",
        lambda view: with_unit(view.counting.work_name, view.work),
        _work,
        lambda view: view.work,
        lambda view: view.sums.work,
        lambda view: view.counting.work_name.lower(),
    ),
    share("params_share", "params\nshare", _params, lambda view: view.sums.params),
    share("macs_share", "MACs\nshare", _work, lambda view: view.sums.work),
    share("memory_share", "memory\nshare", _memory, lambda view: view.sums.memory_bytes),
    text("receptive_field", "receptive\nfield", lambda row, view: _both(row.layers[-1].receptive_field)),
    text("effective_stride", "effective\nstride", lambda row, view: _both(row.layers[-1].effective_stride)),
    *(
        text(f"{word}_{side}", f"{word}\n{side}", _side(setting, axis))
        for word, setting in (("kernel", "kernel"), ("stride", "resolved_stride"))
        for axis, side in enumerate("hw")
    ),
    *(
        text(f"{word}_{side}", f"{what}\n{side.upper()}", _length(what, axis))
        for word, what in (("in", "input"), ("out", "output"))
        for axis, side in ((1, "h"), (2, "w"))
    ),
    amount(
        "values",
        lambda view: with_unit("values", view.values),
        _values,
        lambda view: view.values,
        lambda view: view.counting.values(view.report.layers),
    ),
    size("params_bytes", "params", lambda row, view: view.report.setup.bytes_of(_params(row, view))),
    size("input_bytes", "input", lambda row, view: row.input_bytes),
    size("output_bytes", "output", lambda row, view: row.output_bytes),
    Column(
        "intensity",
        lambda view: "MACs\nper byte",
        lambda row, view: row.intensity,
        lambda row, view: "" if row.intensity is None else units.significant(row.intensity),
    ),
    text("layers", "layers", lambda row, view: len(row.layers)),
    text("depth", "depth", lambda row, view: row.layers[-1].depth),
    text("times", "times", lambda row, view: row.layers[0].times),
    amount(
        "buffers",
        lambda view: with_unit("buffers", view.params),
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


def column(word: str) -> Column:
    """Return a column; raise RequestError with the nearest, or all, if there is none of that name."""
    if word not in BY_WORD:
        hint = did_you_mean(word, BY_WORD) or f"; there are {', '.join(BY_WORD)}"
        raise RequestError(f"no column '{printable(word)}'{hint}")
    return BY_WORD[word]


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
        else:
            chosen.append(column(name).word)
    return tuple(BY_WORD[word] for word in dict.fromkeys(chosen))
