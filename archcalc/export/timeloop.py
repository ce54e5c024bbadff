"""Problems for Timeloop: a YAML document for each layer that multiplies.

Source: Timeloop's problem-shapes/cnn_layer.yaml and workload.cpp. The shape stands in each document, since the one that
Timeloop brings has no groups: R and P go with the width, S and Q with the height, as there. A key that a shape does not
name is ignored without a word, so those of stride and dilation are spelt as it has them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archcalc.errors import RequestError
from archcalc.export.exported import Exported
from archcalc.export.loops import loop_nests
from archcalc.export.words import left_out, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.engine.report import Report
    from archcalc.export.loops import LoopNest

TITLE = "Timeloop"

SHAPE = """\
  shape:
    name: grouped_conv
    dimensions: [G, C, M, R, S, N, P, Q]
    coefficients:
      - {name: Wstride, default: 1}
      - {name: Hstride, default: 1}
      - {name: Wdilation, default: 1}
      - {name: Hdilation, default: 1}
    data_spaces:
      - name: Weights
        projection: [[[G]], [[C]], [[M]], [[R]], [[S]]]
      - name: Inputs
        projection: [[[N]], [[G]], [[C]], [[R, Wdilation], [P, Wstride]], [[S, Hdilation], [Q, Hstride]]]
      - name: Outputs
        projection: [[[N]], [[G]], [[M]], [[Q]], [[P]]]
        read_write: true
"""


def write(report: Report) -> Exported:
    """Return the problems of a network, as one stream and as a file each; raise RequestError for other work."""
    nests = loop_nests(report, TITLE)
    if not nests:
        raise RequestError(f"{TITLE} has nothing for {report.name}: none of its layers has multiplications")
    digits = len(str(len(nests)))
    files = {
        f"{number:0{digits}}_{re.sub('[^A-Za-z0-9_.+-]', '_', nest.name)}.yaml": _document(nest)
        for number, nest in enumerate(nests, 1)
    }
    return Exported("---\n".join(files.values()), files, tuple(_remarks(report, nests)))


def _document(nest: LoopNest) -> str:
    loops, layer = nest.loops, nest.layer
    rows, columns = loops.places
    instance = {
        "C": loops.channels, "M": loops.filters, "P": columns, "Q": rows, "R": loops.kernel[1], "S": loops.kernel[0],
        "N": loops.batch, "G": loops.groups, "Hstride": loops.stride[0], "Wstride": loops.stride[1],
        "Hdilation": loops.dilation[0], "Wdilation": loops.dilation[1],
    }  # fmt: skip
    numbers = ", ".join(f"{word}: {number}" for word, number in instance.items())
    comment = f"# {nest.name}: {layer.op}, {' and '.join(map(str, layer.inputs))} to {layer.output}\n"
    return f"{comment}problem:\n{SHAPE}  instance: {{{numbers}}}\n"


def _remarks(report: Report, nests: list[LoopNest]) -> Iterator[str]:
    """Yield what the problems do not say."""
    stamped = [nest.name for nest in nests if nest.layer.op == "conv_transpose"]
    if stamped:
        yield f"transposed convolutions are products of each place with all taps: {listed(stamped)}"
    yield from left_out(report)
