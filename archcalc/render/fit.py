"""The page of ``fit``: the largest value that keeps within bounds, and the next, which does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archcalc import units
from archcalc.analyses.outcomes import ALWAYS, MEASURES
from archcalc.analyses.scaling.fit import NEIGHBOURS
from archcalc.analyses.sweep.sweep import shown, value_text
from archcalc.engine.layer import plain
from archcalc.engine.report import SCHEMA
from archcalc.render.page import Grid, Head, Page, Table
from archcalc.render.sweep import TABLE, measure_heads, written

if TYPE_CHECKING:
    from archcalc.analyses.scaling.fit import Fitted, Tried


class FitPage(Page):
    """The largest value of an argument within bounds."""

    fitted: Fitted
    si: bool = False

    def grids(self) -> list[Grid]:
        """Return the largest value that fits, and the next."""
        fitted = self.fitted
        words = [*TABLE, *(word for word in _words(fitted) if word not in (*TABLE, "memory_values", "model_bytes"))]
        bounded = [bound.word for bound in fitted.under.bounds]
        words += [word for word in bounded if word not in words]
        measures = measure_heads(words, (fitted.argument,))
        heads = (Head(fitted.argument, left=True), *measures, Head("breaks", left=True))
        rows = tuple(_row(each, words, si=self.si) for each in _tried(fitted))
        return [Grid(_title(fitted), heads, rows, notes=(self._note(),), warnings=frozenset((1,)))]

    def tables(self) -> list[Table]:
        """Return the same rows with exact values."""
        words = _words(self.fitted)
        rows = [
            (value, fits, *[(quantities or {}).get(word) for word in words])
            for value, fits, quantities in (
                (plain(each.value), each.fits, _plain(each.quantities)) for each in _tried(self.fitted)
            )
        ]
        return [Table((self.fitted.argument, "fits", *words), rows)]

    def data(self) -> dict[str, Any]:
        """Return the bounds, and both values with all quantities."""
        fitted, base = self.fitted, self.fitted.base
        return {
            "schema": SCHEMA,
            "network": base.spec.name,
            "title": base.spec.title,
            "argument": fitted.argument,
            "batch": plain(fitted.under.fixed.get("batch", base.batch)),
            "dtype": base.dtype,
            "device": None if fitted.task.device is None else fitted.task.device.name,
            "units": {"macs": "multiply-accumulates", "memory": "bytes", "time": "seconds"},
            "bounds": {bound.word: plain(bound.value) for bound in fitted.under.bounds},
            "fixed": {name: plain(value) for name, value in fitted.under.fixed.items()},
            "step": plain(fitted.step),
            "largest": _data(fitted.largest),
            "next": None if fitted.next is None else _data(fitted.next),
        }

    def _note(self) -> str:
        fitted = self.fitted
        value, following = value_text(fitted.largest.value), fitted.next
        text = f"{fitted.argument} = {value} is the largest"
        if fitted.step != 1:
            text += f" in steps of {value_text(fitted.step)}"
        if following is not None and following.quantities is not None:
            text += f"; at {value_text(following.value)} {_broken(following)}"
        elif following is not None:
            text += f"; at {value_text(following.value)} it cannot be built: {following.reason}"
        return f"{text}. None of the next {NEIGHBOURS} values fits."


def _broken(tried: Tried) -> str:
    assert tried.quantities is not None
    words = [bound.word for bound in tried.breaks]
    amounts = (_amount(word, tried.quantities[word]) for word in words)
    return " and ".join(f"{MEASURES[word].label} would be {each}" for word, each in zip(words, amounts, strict=True))


def _amount(word: str, value: Any) -> str:
    """Write a quantity next to its bound, where a rounded figure would look the same."""
    kind = MEASURES[word].kind
    if kind in ("count", "bytes", "number"):
        return units.exact(value) + (" bytes" if kind == "bytes" else "")
    return written(word, value)


def _tried(fitted: Fitted) -> list[Tried]:
    return [fitted.largest, *([fitted.next] if fitted.next is not None else [])]


def _words(fitted: Fitted) -> tuple[str, ...]:
    return (*ALWAYS, *fitted.task.words)


def _row(tried: Tried, words: list[str], *, si: bool) -> tuple[str, ...]:
    if tried.quantities is None:
        return (value_text(tried.value), *["–"] * len(words), "cannot be built")
    values = (written(word, tried.quantities[word], si=si) for word in words)
    return (value_text(tried.value), *values, ", ".join(bound.text for bound in tried.breaks))


def _title(fitted: Fitted) -> str:
    spec = fitted.base.spec
    bounds = ", ".join(bound.text for bound in fitted.under.bounds)
    fixed = f", {shown(fitted.under.fixed)}" if fitted.under.fixed else ""
    device = "" if fitted.task.device is None else f" on {fitted.task.device.title}"
    return (
        f"{spec.title} · {spec.name}: the largest {fitted.argument} under {bounds}{fixed}, {fitted.base.dtype}{device}"
    )


def _plain(quantities: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if quantities is None else {word: plain(value) for word, value in quantities.items()}


def _data(tried: Tried) -> dict[str, Any]:
    data: dict[str, Any] = {"value": plain(tried.value), **(_plain(tried.quantities) or {})}
    if tried.quantities is None:
        return {**data, "reason": tried.reason}
    return {**data, "breaks": [bound.word for bound in tried.breaks]}
