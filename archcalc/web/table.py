"""The layer table of the page: every row of a network, those inside composites folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.analyses.unseen import remarks
from archcalc.render.page import Head
from archcalc.web.grids import cells, heading
from archcalc.web.markup import Html, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archcalc.analyses.row_tree import TreeRow
    from archcalc.render.column import Column
    from archcalc.render.view import View


def layer_table(view: View, columns: Sequence[Column], tree: Sequence[TreeRow], caption: str) -> Html:
    """Return the table: rows in the order of the network, with their level, layers and exact amounts.

    ``data-span`` is the place of the first layer of a row and how many it has, ``data-v`` the exact value of a cell
    that is rounded.
    """
    pointed = {remark.layer for remark in remarks(view.report)}
    heads = [Head(column.head(view), column.left) for column in columns]
    body = (_row(view, columns, each, number, pointed) for number, each in enumerate(tree))
    total = ["total" if column.word == "layer" else column.total(view) if column.total else "" for column in columns]
    return tag(
        "table",
        tag("caption", caption),
        tag(
            "thead",
            tag("tr", *(heading(head, data_word=column.word) for head, column in zip(heads, columns, strict=True))),
        ),
        tag("tbody", *body),
        tag("tfoot", tag("tr", *cells(heads, total))),
        class_="layers",
    )


def _row(view: View, columns: Sequence[Column], each: TreeRow, number: int, pointed: set[str | None]) -> Html:
    row = each.row
    parts = [_cell(view, column, each) for column in columns]
    warning = any(layer.name in pointed for layer in row.layers)
    return tag(
        "tr",
        *parts,
        data_row=number,
        data_span=f"{each.first} {len(row.layers)}",
        aria_level=each.level,
        aria_expanded="false" if each.inside else None,
        class_="warning" if warning else None,
        hidden=each.level > 1,
    )


def _cell(view: View, column: Column, each: TreeRow) -> Html:
    row = each.row
    text = column.cell(row, view)
    if column.word == "layer":
        name, _, attached = text.strip().partition(" +")
        more = [" ", tag("small", f"+{attached}")] if attached else []
        return tag("td", tag("span", name, class_="name"), *more, class_="left", title=row.path)
    exact = column.value(row, view) if column.total else None
    return tag("td", text, class_="left" if column.left else None, data_v=None if exact is None else str(exact))
