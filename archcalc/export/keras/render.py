"""Parts as the text of a module."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.export.keras.helpers import HELPERS
from archcalc.export.sources.emit import is_wrapped, lines_of
from archcalc.export.sources.functions import FUNCTIONS
from archcalc.export.sources.layout import heading, signature, wrapped
from archcalc.export.sources.scope import safe

if TYPE_CHECKING:
    from archcalc.engine.report import Report
    from archcalc.export.sources.parts import Part, Statement


def rendered(report: Report, parts: list[Part]) -> str:
    """Return the whole source."""
    functions = [_function(part, report) for part in parts]
    text = "\n\n\n".join(functions)
    needed = [source.strip("\n") for name, source in HELPERS.items() if re.search(rf"(?<![.\w]){name}\(", text)]
    needed = [FUNCTIONS[name] for name in FUNCTIONS if f"{name}(" in text] + needed
    uses_ops = re.search(r"\bops\.", "\n".join([text, *needed])) is not None
    imports = ["import math\n"] if "math." in text else []
    imports += ["import keras", f"from keras import layers{', ops' if uses_ops else ''}"]
    return (
        "\n\n\n".join([heading(report, channels_last=True) + "\n\n" + "\n".join(imports), *needed, *functions]) + "\n"
    )


def _function(part: Part, report: Report) -> str:
    inputs = [part.entry, *(value.var for value in part.outer.values())]
    assert part.result is not None
    results = [value.var for value in part.results] or [part.result.var]
    taken = frozenset((*map(safe, part.parameters), *part.shared))
    lines = _with_shared(part, lines_of(_calling_shared(part), inputs, results, taken))
    if not part.word:
        return "\n".join(_network(part, report, lines))
    given = "".join(f", {each.name}" for each in inputs[1:])
    more = signature(part).replace(", in_channels", "", 1) if "in_channels" in part.parameters else signature(part)
    head = wrapped(f"def {part.name}(x{given}{more}):", 0)
    if "in_channels" in part.parameters:
        head.append("    in_channels = x.shape[-1]")
    return "\n".join([*head, *(each for line in lines for each in wrapped(_bare(line), 4))])


def _network(part: Part, report: Report, lines: list[str]) -> list[str]:
    """Return the function that builds the network: inputs, layers, model."""
    shapes = report.network.inputs.values()
    names = ["x", *part.outer]
    made = [f"def {part.name}():"]
    several = len(shapes) > 1
    for variable, (channels, height, width) in zip(names, shapes, strict=True):
        given = f', name="{variable}"' if several else ""
        made.append(f"    {variable} = keras.Input(({height}, {width}, {channels}){given})")
    inputs = f"[{', '.join(names)}]" if several else "x"
    made.append(f"    inputs = {inputs}")
    *body, last = lines
    for line in body:
        made += wrapped(_bare(line), 4)
    outputs = _bare(last).removeprefix("return ")
    outputs = f"[{outputs}]" if len(part.results) > 1 else outputs
    made += wrapped(f"outputs = {outputs}", 4)
    return [*made, f'    return keras.Model(inputs, outputs, name="{part.name}")']


def _calling_shared(part: Part) -> list[Statement]:
    return [
        each._replace(text=f"{each.attribute}({{0}})") if each.attribute in part.shared else each
        for each in part.statements
    ]


def _with_shared(part: Part, lines: list[str]) -> list[str]:
    """Return the lines with those in front that make layers which are used more than once."""
    makers = {each.attribute: each.maker for each in part.statements if each.attribute in part.shared}
    return [f"{name} = {maker}" for name, maker in makers.items() if name] + lines


def _bare(line: str) -> str:
    """Return a line without parentheses around the whole of its value."""
    match = re.fullmatch(r"(return |\w+ = )(\(.*\))", line)
    return match[1] + match[2][1:-1] if match is not None and is_wrapped(match[2]) else line
