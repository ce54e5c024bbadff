"""Lines of a source: the heading, signatures, and lines that are too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archcalc.engine.report import Report
    from archcalc.export.sources.parts import Part

MAX_LINE = 100

PACKED = 92
"""Characters between brackets that stay on one line."""


def heading(report: Report, *, channels_last: bool = False) -> str:
    """Return the text that a source begins with: what it is, of whom, and what it takes and has."""
    network = report.network
    title = _plain(report.title)
    cite = network.spec.cite
    lines = [f'"""{title}.' if not title.endswith(".") else f'"""{title}']
    if cite is not None:
        year = f" ({cite.year})" if cite.year else ""
        lines += ["", *wrapped_text(f"{_plain(cite.title)}{year}{f', {_plain(cite.url)}' if cite.url else ''}")]
    sizes = [
        f"N x {shape.height} x {shape.width} x {shape.channels}" if channels_last else f"N x {shape}"
        for shape in network.inputs.values()
    ]
    names = "" if len(sizes) == 1 else f" ({', '.join(network.inputs)})"
    lines += ["", f"Input: {' and '.join(sizes)}{names}. Parameters: {report.params:,}.", '"""']
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return text that cannot end or escape the string that it stands in."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def wrapped_text(text: str) -> list[str]:
    """Return text in lines."""
    import textwrap

    return textwrap.wrap(text, MAX_LINE, break_long_words=False, break_on_hyphens=False)


def signature(part: Part) -> str:
    """Return the parameters of a part, each with a comma in front."""
    from archcalc.export.sources.scope import safe

    return "".join(
        f", {safe(name)}" + ("" if default is None else f"={default.text}") for name, default in part.parameters.items()
    )


def wrapped(line: str, indent: int) -> list[str]:
    """Return a line, broken at the commas of its outermost brackets where it is too long."""
    space = " " * indent
    line, _, remark = line.partition("  # ")
    if remark:
        lines = wrapped(line, indent)
        return [f"{lines[0]}  # {remark}", *lines[1:]]
    if indent + len(line) <= MAX_LINE:
        return [space + line]
    chosen = _choice(line)
    if chosen is not None:
        head, value, condition = chosen
        whole = f"{value} {condition}"
        inner = [f"{space}    {whole}"]
        if indent + 4 + len(whole) > MAX_LINE:
            inner = [*wrapped(value, indent + 4), f"{space}    {condition}"]
        return [f"{space}{head}(", *inner, f"{space})"]
    opened = _outermost(line)
    if opened is None:
        return [space + line]
    first, last = opened
    lines = [space + line[: first + 1]]
    inside = line[first + 1 : last]
    if indent + 4 + len(inside) <= MAX_LINE and "\n" not in inside and len(inside) < PACKED:
        return [*lines, f"{space}    {inside}", space + line[last:]]
    for piece in _pieces(line[first + 1 : last]):
        lines += wrapped(piece + ",", indent + 4)
    if len(_pieces(line[first + 1 : last])) == 1:
        lines[-1] = lines[-1].removesuffix(",")
    return [*lines, space + line[last:]]


def _choice(line: str) -> tuple[str, str, str] | None:
    """Return what stands before the value of a line, the value, and the condition that it has, if it has one."""
    head = next((each for each in (" = ", "return ") if each in line.partition("(")[0]), None)
    if head is None:
        return None
    start = line.index(head) + len(head)
    depth = 0
    for place in range(start, len(line)):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(line[place], 0)
        if depth == 0 and line.startswith(" if ", place):
            return line[:start], line[start:place], line[place + 1 :]
    return None


def _outermost(line: str) -> tuple[int, int] | None:
    """Return where the longest bracket that is not inside another begins and ends."""
    found: list[tuple[int, int]] = []
    stack: list[int] = []
    for place, letter in enumerate(line):
        if letter in "([{":
            stack.append(place)
        elif letter in ")]}" and stack:
            first = stack.pop()
            if not stack:
                found.append((first, place))
    longest = max(found, key=lambda pair: pair[1] - pair[0], default=None)
    return longest if longest is not None and longest[1] - longest[0] > 20 else None


def _pieces(text: str) -> list[str]:
    """Return what stands between the commas that are in no bracket."""
    pieces, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            pieces.append(text[start:place].strip())
            start = place + 1
    rest = text[start:].strip()
    return [*pieces, rest] if rest else pieces
