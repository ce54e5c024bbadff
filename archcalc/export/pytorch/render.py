"""Parts as the text of a module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.export.pytorch.chains import chained
from archcalc.export.pytorch.helpers import HELPERS
from archcalc.export.sources.emit import is_wrapped, lines_of
from archcalc.export.sources.functions import FUNCTIONS
from archcalc.export.sources.layout import heading, signature, wrapped
from archcalc.export.sources.scope import safe

if TYPE_CHECKING:
    from archcalc.engine.report import Report
    from archcalc.export.sources.parts import Part, Statement, Var


def rendered(report: Report, parts: list[Part]) -> str:
    """Return the whole source."""
    classes = [_class(part) for part in parts]
    text = "\n\n\n".join(classes)
    needed = [source.strip("\n") for name, source in HELPERS.items() if re.search(rf"(?<!nn\.)\b{name}\(", text)]
    needed = [FUNCTIONS[name] for name in FUNCTIONS if f"{name}(" in text] + needed
    imports = ["import math\n"] if "math." in text else []
    imports += ["import torch"] if "torch." in text or any("torch." in each for each in needed) else []
    imports += ["import torch.nn.functional as F"] if re.search(r"\bF\.", "\n".join([text, *needed])) else []
    imports.append("from torch import nn")
    return "\n\n\n".join([heading(report) + "\n\n" + "\n".join(imports), *needed, *classes]) + "\n"


def _class(part: Part) -> str:
    statements, kept = _keeping(part, chained(part))
    parameters = signature(part)
    result = part.result
    assert result is not None
    makers = [statement for statement in statements if statement.maker and statement.attribute]
    head = f"class {part.name}(nn.Module):"
    lines = [head]
    if makers or parameters:
        lines += wrapped(f"def __init__(self{parameters}):", 4)
        lines += [f"{' ' * 8}super().__init__()"]
        lines += [f"{' ' * 8}self.{name} = {name}" for name in kept]
        for flag, test in part.flags.items():
            lines += wrapped(f"self.{flag} = {test}", 8)
        for statement in makers:
            lines += wrapped(f"self.{statement.attribute} = {statement.maker}", 8)
        lines.append("")
    lines += _forward(part, statements)
    return "\n".join(lines)


def _keeping(part: Part, statements: list[Statement]) -> tuple[list[Statement], list[str]]:
    """Let functions of ``forward`` use parameters as attributes; return which are kept as such."""
    kept: dict[str, None] = {}
    found = []
    for statement in statements:
        text = statement.text
        for name in map(safe, part.parameters) if not statement.attribute else ():
            plain = rf"(?<![\w.\"'])\b{name}\b(?!=)"
            if re.search(plain, text):
                text = re.sub(plain, f"self.{name}", text)
                kept[name] = None
        found.append(statement._replace(text=text))
    return found, list(kept)


def _forward(part: Part, statements: list[Statement]) -> list[str]:
    inputs = [part.entry, *(value.var for value in part.outer.values())]
    results: list[Var] = [value.var for value in part.results] or [part.result.var if part.result else part.entry]
    lines = wrapped(f"def forward(self, {', '.join(each.name for each in inputs)}):", 4)
    for line in lines_of(statements, inputs, results):
        lines += wrapped(_bare(line), 8)
    return lines


def _bare(line: str) -> str:
    """Return a line without parentheses around the whole of its value."""
    match = re.fullmatch(r"(return |\w+ = )(\(.*\))", line)
    return match[1] + match[2][1:-1] if match is not None and is_wrapped(match[2]) else line
