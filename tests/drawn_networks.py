"""Networks that are hard to draw: cells, pyramids, streams, heads, many branches, deep nesting, none of these."""

from __future__ import annotations

from random import Random

FEATURE_PYRAMID = """\
name: fpn
title: Feature pyramid
input: [3, 256, 256]
blocks:
  stage:
    args: {f: , s: 2}
    layers:
      - {conv: {filters: =f, kernel: 3, stride: =s, pad: 1}}
      - relu
      - {conv: {filters: =f, kernel: 3, pad: 1}}
      - relu
layers:
  - {name: c1, stage: 16}
  - {name: c2, stage: 32}
  - {name: c3, stage: 64}
  - {name: c4, stage: 128}
  - {name: c5, stage: 256}
  - {name: p5, conv: 64}
  - {name: up5, conv_transpose: {filters: 64, kernel: 2, stride: 2}}
  - {name: m4, add: [[], {from: c4, layers: [{name: lat4, conv: 64}]}]}
  - {name: up4, conv_transpose: {filters: 64, kernel: 2, stride: 2}}
  - {name: m3, add: [[], {from: c3, layers: [{name: lat3, conv: 64}]}]}
  - {name: up3, conv_transpose: {filters: 64, kernel: 2, stride: 2}}
  - {name: m2, add: [[], {from: c2, layers: [{name: lat2, conv: 64}]}]}
  - {name: p2, conv: {filters: 64, kernel: 3, pad: 1}}
  - {name: p3, from: m3, conv: {filters: 64, kernel: 3, pad: 1}}
  - {name: p4, from: m4, conv: {filters: 64, kernel: 3, pad: 1}}
"""

CELLS = """\
name: nasnet
title: NASNet-A normal cell
input: [3, 32, 32]
blocks:
  sep: {args: {k: , f: }, layers: [relu, {depthwise_conv: {kernel: =k, pad: =k // 2}}, {conv: =f}, bn]}
  cell:
    args: {prev: , f: 32}
    layers:
      - {name: h, conv: =f}
      - {name: hp, from: p0, conv: =f}
      - {name: b1, add: [{from: h, layers: [{sep: [3, =f]}]}, {from: h, layers: []}]}
      - {name: b2, add: [{from: hp, layers: [{sep: [3, =f]}]}, {from: h, layers: [{sep: [5, =f]}]}]}
      - {name: b3, add: [{from: h, layers: [{avg_pool: {kernel: 3, stride: 1, pad: 1}}]}, {from: hp, layers: []}]}
      - name: b4
        add:
          - {from: hp, layers: [{avg_pool: {kernel: 3, stride: 1, pad: 1}}]}
          - {from: hp, layers: [{avg_pool: {kernel: 3, stride: 1, pad: 1}}]}
      - {name: b5, add: [{from: hp, layers: [{sep: [5, =f]}]}, {from: hp, layers: [{sep: [3, =f]}]}]}
      - concat: [{from: hp}, {from: b1}, {from: b2}, {from: b3}, {from: b4}, {from: b5}]
layers:
  - {name: p0, conv: {filters: 32, kernel: 3, pad: 1}}
  - {name: p1, conv: {filters: 32, kernel: 3, pad: 1}}
  - {name: cell1, cell: [p0]}
  - {name: cell2, cell: [p0]}
  - global_avg_pool
  - {fc: 10}
"""

STREAMS = """\
name: hrnet
title: HRNet-like
input: [3, 64, 64]
blocks:
  cb: {args: {f: , s: 1}, layers: [{conv: {filters: =f, kernel: 3, stride: =s, pad: 1}}, bn, relu]}
  up: {args: {f: , s: }, layers: [{conv_transpose: {filters: =f, kernel: =s, stride: =s}}]}
layers:
  - {name: a1, cb: 16}
  - {name: b1, cb: [32, 2]}
  - {name: a2, from: a1, cb: 16}
  - {name: b2, from: b1, cb: 32}
  - {name: fa, add: [{from: a2, layers: []}, {from: b2, layers: [{up: [16, 2]}]}]}
  - {name: fb, add: [{from: a2, layers: [{cb: [32, 2]}]}, {from: b2, layers: []}]}
  - {name: fc, from: fb, cb: [64, 2]}
  - {name: a3, from: fa, cb: 16}
  - {name: b3, from: fb, cb: 32}
  - {name: c3, from: fc, cb: 64}
  - {name: ga, add: [{from: a3, layers: []}, {from: b3, layers: [{up: [16, 2]}]}, {from: c3, layers: [{up: [16, 4]}]}]}
  - {name: gb, add: [{from: a3, layers: [{cb: [32, 2]}]}, {from: b3, layers: []}, {from: c3, layers: [{up: [32, 2]}]}]}
  - name: gc
    add: [{from: a3, layers: [{cb: [32, 2]}, {cb: [64, 2]}]}, {from: b3, layers: [{cb: [64, 2]}]}, {from: c3}]
  - concat: [{from: ga, layers: []}, {from: gb, layers: [{up: [32, 2]}]}, {from: gc, layers: [{up: [64, 4]}]}]
  - {conv: 10}
"""

DETECTOR = """\
name: yolo
title: YOLO-like
input: [3, 128, 128]
blocks:
  cb: {args: {f: , k: 3, s: 1}, layers: [{conv: {filters: =f, kernel: =k, stride: =s, pad: =k//2}}, bn, relu]}
layers:
  - {cb: [16, 3, 2]}
  - {name: route8, cb: [32, 3, 2]}
  - {name: route16, cb: [64, 3, 2]}
  - {cb: [128, 3, 2]}
  - {name: neck, cb: [64, 1]}
  - {name: big, cb: 128}
  - {name: yolo1, conv: 255}
  - {name: r, from: neck, cb: [32, 1]}
  - {conv_transpose: {filters: 32, kernel: 2, stride: 2}}
  - concat: [[], {from: route16, layers: []}]
  - {name: neck2, cb: [64, 1]}
  - {cb: 64}
  - {name: yolo2, conv: 255}
  - {from: neck2, cb: [16, 1]}
  - {conv_transpose: {filters: 16, kernel: 2, stride: 2}}
  - concat: [[], {from: route8, layers: []}]
  - {cb: 32}
  - {name: yolo3, conv: 255}
"""

HOURGLASS = """\
name: hourglass
title: Stacked hourglass
input: [3, 64, 64]
blocks:
  res:
    args: {f: }
    layers:
      - add:
          - [{conv: =f // 2}, relu, {conv: {filters: =f // 2, kernel: 3, pad: 1}}, relu, {conv: =f}]
          - [{when: =in_channels != f, conv: =f}]
  glass:
    args: {n: , f: }
    layers:
      - add:
          - [{res: =f}]
          - - {max_pool: 2}
            - {res: =f}
            - {when: =n > 1, glass: [=n-1, =f]}
            - {when: =n == 1, res: =f}
            - {res: =f}
            - {conv_transpose: {filters: =f, kernel: 2, stride: 2}}
layers:
  - {name: stem, conv: {filters: 32, kernel: 3, pad: 1}}
  - {name: g1, glass: [3, 32]}
  - {name: g2, glass: [3, 32]}
  - {conv: 16}
"""


def branches(*each, merge="concat"):
    """Return a network of branches, each written as it stands in a merge."""
    written = "\n".join(f"      - {branch}" for branch in each)
    return f"name: branches\ninput: [64, 16, 16]\nlayers:\n  - {merge}:\n{written}\n  - relu\n"


SAME_PATHS = branches(*["[{conv: 4}, relu, {conv: {filters: 4, kernel: 3, pad: 1}}, {conv: 64}]"] * 32, merge="add")
OTHER_PATHS = branches(*[f"[{{conv: {5 + n}}}, {{conv: {{filters: {1 + n}, kernel: 3, pad: 1}}}}]" for n in range(24)])


def nested(levels):
    """Return a network whose branches are nested so deep."""
    return f"""\
name: nested
input: [8, 8, 8]
blocks:
  step:
    args: {{k: }}
    layers: [{{when: =k > 0, add: [[{{conv: 8}}], [{{conv: {{filters: 8, kernel: 3, pad: 1}}}}, {{step: =k-1}}]]}}]
layers:
  - {{step: {levels}}}
"""


def skips(levels):
    """Return a network in which every layer of the first half is read again in the second, the last one first."""
    down = [f"  - {{name: d{level}, conv: 8}}" for level in range(levels)]
    up = [f"  - {{name: u{level}, add: [[], {{from: d{level}, layers: []}}]}}" for level in reversed(range(levels))]
    return "\n".join(["name: skips", "input: [8, 8, 8]", "layers:", *down, *up])


def at_random(seed, layers=40):
    """Return a network in which anything reads anything that is not far."""
    random = Random(seed)
    lines = ["name: random", "input: [8, 8, 8]", "layers:"]
    for number in range(layers):
        known = [f"n{other}" for other in range(max(0, number - 12), number)]
        read = list(dict.fromkeys(random.choice(known) for _ in range(random.randint(1, 3)))) if known else []
        if len(read) < 2:
            lines.append(f"  - {{name: n{number}, {f'from: {read[0]}, ' if read else ''}conv: 8}}")
        else:
            ends = ", ".join(f"{{from: {name}, layers: []}}" for name in read)
            lines.append(f"  - {{name: n{number}, add: [{ends}]}}")
    return "\n".join(lines)


HARD = {
    "feature pyramid": FEATURE_PYRAMID,
    "cells": CELLS,
    "streams": STREAMS,
    "detector": DETECTOR,
    "hourglass": HOURGLASS,
    "same paths": SAME_PATHS,
    "other paths": OTHER_PATHS,
    "nested": nested(20),
    "nested deeper than is kept": nested(45),
    "skips": skips(6),
    "more skips than are kept": skips(60),
    **{f"random {seed}": at_random(seed) for seed in range(12)},
}
