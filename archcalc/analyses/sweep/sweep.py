"""A sweep: the rows of all variants that were asked for, and what became of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archcalc.analyses.sweep.order import Choice, ordered, pareto
from archcalc.analyses.sweep.plan import FAILS, UNKNOWN, Impossible, Plan, Row
from archcalc.analyses.sweep.workers import results
from archcalc.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable

    from archcalc.analyses.sweep.plan import Order


class Sweep(NamedTuple):
    """The rows of a sweep, and the number of variants that are none of them."""

    order: Order
    words: tuple[str, ...]
    """The quantities of each row."""
    rows: tuple[Row, ...]
    done: int
    """Variants that were analysed; fewer than there are if it was interrupted."""
    impossible: int
    first_impossible: Impossible | None
    satisfying: int
    """Variants that satisfy the condition, if there is one."""
    failing: int
    """Variants that do not satisfy the condition."""
    unknown: int
    """Variants of which something that the condition or the front needs was never published."""
    dominated: int
    cut: int
    """Rows beyond the number that was asked for."""
    choice: Choice

    @property
    def interrupted(self) -> bool:
        """Whether variants are missing that were not analysed any more."""
        return self.done < self.order.variants


def sweep(
    order: Order,
    choice: Choice = Choice(),  # noqa: B008 - a constant
    *,
    progress: Callable[[int, int], None] | None = None,
    processes: int | None = None,
    method: str | None = None,
) -> Sweep:
    """Analyse every variant; on a keyboard interrupt return those that are done.

    ``progress`` is told how many of how many are done. Raises RequestError where no variant can be built at all.
    """
    plan = Plan(order)
    rows: list[Row] = []
    counts = {FAILS: 0, UNKNOWN: 0}
    impossible: list[Impossible] = []
    done = lacking = 0
    try:
        for result in results(plan, processes=processes, method=method):
            done += 1
            if isinstance(result, Row):
                rows.append(result)
            elif isinstance(result, Impossible):
                impossible = impossible or [result]
                lacking += 1
            else:
                counts[result] += 1
            if progress is not None:
                progress(done, order.variants)
    except KeyboardInterrupt:
        pass
    if lacking == order.variants:
        _refuse(impossible[0], lacking)
    chosen = _chosen(rows, choice)
    known = [row for row in rows if not choice.front or None not in [key.value(row.values) for key in choice.front]]
    unknown = counts[UNKNOWN] + len(rows) - len(known)
    top = chosen[: choice.top]
    first = impossible[0] if impossible else None
    dominated, cut = len(known) - len(chosen), len(chosen) - len(top)
    kept = tuple(top)
    return Sweep(
        order, plan.words, kept, done, lacking, first, len(rows), counts[FAILS], unknown, dominated, cut, choice
    )


def _chosen(rows: list[Row], choice: Choice) -> list[Row]:
    if choice.front:
        values = [row.values for row in rows]
        rows = [rows[number] for number in pareto(values, choice.front)]
    if choice.sort is not None:
        rows = ordered(rows, choice.sort, lambda row: row.values)
    return rows


def shown(arguments: dict[str, Any]) -> str:
    """Write what was varied: ``alpha = 0.5, input = 224``."""
    return ", ".join(f"{name} = {value_text(value)}" for name, value in arguments.items())


def value_text(value: Any) -> str:
    """Write the value of an argument as it is typed."""
    if value.__class__ is bool:
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "x".join(map(value_text, value))
    return str(value) if value.__class__ in (int, str) else f"{float(value):.10g}"


def _refuse(first: Impossible, count: int) -> None:
    many = f"none of the {count:,} variants" if count > 1 else "the variant"
    can = "can" if count > 1 else "cannot"
    raise RequestError(f"{many} {can} be built: {first.network}, {shown(first.arguments)}: {first.reason}")
