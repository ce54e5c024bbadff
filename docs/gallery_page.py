"""The pictures of the documentation: the gallery of classics, and one of each family of the zoo."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import archcalc
from archcalc.api import Model
from archcalc.zoo import every_family

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archcalc.language.model import Cite

FOLDER = "pictures"
WIDTH = 880
"""Pixels of a page on the web, or a little more."""

_HEAD = """# Gallery

Written from the specs by `python docs/generate.py`; do not edit it by hand. The command above each picture draws it;
[Drawing networks](draw.md) explains how to read and change them. The networks themselves are in [the zoo](zoo.md)."""


class Shown(NamedTuple):
    """A picture of the gallery: the command that draws it, and what to look at."""

    network: str
    says: str
    depth: int | None = None
    block: str = ""
    right: bool = False
    color: str = "op"

    @property
    def file(self) -> str:
        """The name of its file."""
        words = [
            self.network,
            self.block,
            f"depth{self.depth}" if self.depth else "",
            "" if self.color == "op" else self.color,
        ]
        return "-".join(word for word in words if word).replace("/", "-") + ".svg"

    @property
    def command(self) -> str:
        """The command that draws it."""
        options = [
            f"--depth {self.depth}" if self.depth else "",
            f"--block {self.block}" if self.block else "",
            "--direction right" if self.right else "",
            f"--color {self.color}" if self.color != "op" else "",
        ]
        return " ".join(["archcalc draw", self.network, *(option for option in options if option)])

    def draw(self) -> str:
        """Draw it."""
        report = archcalc.load(self.network).analyze()
        direction = "right" if self.right else "down"
        return report.draw(depth=self.depth, block=self.block, direction=direction, color=self.color).svg


GALLERY = (
    Shown(
        "alexnet",
        "Five convolutions, three fully connected layers, and nearly all parameters in those.",
        color="params",
    ),
    Shown("googlenet", "Figure 2b: 1x1, 3x3, 5x5 and pooling, from left to right.", block="inception"),
    Shown("googlenet", "The whole network, nine modules deep.", right=True),
    Shown("resnet50", "Figure 5, right: three convolutions, and the identity beside them.", block="bottleneck"),
    Shown("resnet50", "Equal blocks are drawn once; where the shape changes, a projection is in the lane.", right=True),
    Shown("preresnet152", "Pre-activation: normalisation and activation come first.", block="unit"),
    Shown("resnext50-32x4d", "32 paths as a grouped convolution.", block="bottleneck"),
    Shown("densenet121", "Figure 1: each layer's maps are joined to all before them.", block="dense_layer"),
    Shown("inception-v4", "Modules of three kinds, and what reduces the map between them."),
    Shown("unet", "Figure 1: down on one side, up on the other, and the skips across.", depth=1),
    Shown("fractalnet20", "Figure 1: columns that join."),
    Shown("squeezenet1.0", "Figure 1: squeeze, then expand.", block="fire"),
    Shown("nasnet-mobile", "Figure 4, left: a cell reads the two before it.", block="normal", depth=1),
    Shown("mobilenet-v2", "Figure 4d: wide in the middle, and the identity where it fits.", block="inverted_residual"),
    Shown("mobilenet-v2", "Where the work is.", color="macs"),
    Shown("se-resnet50", "Figure 3: a squeeze-and-excitation gate beside the block's own path.", block="bottleneck"),
    Shown("shufflenet-v2-x1.0", "Figure 3c: half of the channels pass, then all are shuffled.", block="unit"),
    Shown("vit-b-16", "Figure 1: patches become tokens, and twelve equal encoders look at all of them."),
    Shown("swin-t", "Figure 3b: attention within windows, shifted in every second block.", block="block"),
    Shown("convnext-tiny", "Figure 4: a block of ConvNeXt.", block="block"),
    Shown("faster-rcnn-vgg16", "Figure 2: proposals, and the head that runs once for each; four outputs.", depth=2),
    Shown("highway19", "A gate decides what is carried.", block="highway"),
)


def gallery() -> str:
    """Return the page of the gallery."""
    lines = [_HEAD]
    before = ""
    for shown in GALLERY:
        spec = archcalc.load(shown.network).spec
        if spec.family.title != before:
            lines += ["", f"## {spec.family.title}"]
            lines += ["", f"{_linked(spec.cite)}."] if spec.cite is not None else []
        before = spec.family.title
        lines += ["", shown.says, "", "```sh", shown.command, "```", ""]
        lines.append(f"![{spec.title}: {shown.says.rstrip('.')}]({FOLDER}/{shown.file})")
    return "\n".join(lines) + "\n"


def _linked(cite: Cite) -> str:
    title = f"[{cite.title}]({cite.url})" if cite.url else cite.title
    return f"{title} ({cite.year})" if cite.year else title


def pictures() -> Iterator[tuple[str, str]]:
    """Yield the files of all pictures, and what is in them."""
    for shown in GALLERY:
        yield f"{FOLDER}/{shown.file}", shown.draw()
    for _, specs in every_family():
        spec = specs[0]
        drawing = Model(spec).analyze().draw(depth=1, direction="right", width=WIDTH)
        yield family_picture(spec.family.name), drawing.svg


def family_picture(name: str) -> str:
    """Return the file of a family's picture: its first network, folded."""
    return f"{FOLDER}/zoo/{name}.svg"
