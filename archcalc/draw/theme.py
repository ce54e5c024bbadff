"""How pictures look: sizes of text, and colours for light and dark, which colour-blind readers can tell apart.

The hues are those of Okabe and Ito; every box says in words what its colour says.
"""

from __future__ import annotations

from archcalc.record import Record

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
TEXT = 11.0
SMALL = 10.0
LINE = 13.0
TITLE = 15.0


class Tone(Record):
    """Fill, border and text of a box."""

    fill: str
    stroke: str
    text: str = ""


class Kind(Record):
    """A kind of operation: what the legend calls it, its words, and its colours on white and on black."""

    says: str
    words: frozenset[str]
    light: Tone
    dark: Tone


def _kind(says: str, words: str, light: tuple[str, str], dark: tuple[str, str]) -> Kind:
    return Kind(says, frozenset(words.split()), Tone(*light), Tone(*dark))


KINDS = {
    "conv": _kind(
        "convolution", "conv depthwise_conv conv_transpose locally_connected",
        ("#d9eaf7", "#0072b2"), ("#12344d", "#56b4e9"),
    ),
    "dense": _kind(
        "fully connected", "fc embedding lstm gru",
        ("#f7e2ee", "#b05a8c"), ("#43233a", "#e39bc7"),
    ),
    "attention": _kind("attention", "attention", ("#fdf0cf", "#c98a00"), ("#4a3703", "#f0b93a")),
    "pool": _kind(
        "pooling and resampling",
        "max_pool avg_pool global_avg_pool global_max_pool adaptive_avg_pool adaptive_max_pool roi_pool subsampling"
        " max_unpool upsample resize",
        ("#fbe3d5", "#d55e00"), ("#4a2408", "#f08a4b"),
    ),
    "merge": _kind(
        "merge", "concat add multiply subtract divide maximum minimum mean matmul cross_correlation",
        ("#d5f0e6", "#009e73"), ("#0b3b2e", "#3fc79d"),
    ),
    "norm": _kind(
        "normalisation", "bn layer_norm group_norm instance_norm l2_norm rms_norm lrn scale",
        ("#e9e6f3", "#6f63a8"), ("#2d2a45", "#a79bdc"),
    ),
    "act": _kind(
        "activation",
        "relu relu6 leaky_relu prelu elu celu selu mish softplus softsign swish hard_swish sigmoid hard_sigmoid tanh"
        " hard_tanh gelu glu maxout elementwise softmax log_softmax",
        ("#fbf8d0", "#a39800"), ("#3d3a08", "#e6db4a"),
    ),
    "block": _kind("composite", "", ("#ffffff", "#5b6673"), ("#22272e", "#9aa6b3")),
    "other": _kind(
        "other",
        "flatten reshape crop pad pad_channels dropout channel_shuffle channel_slice pixel_shuffle pixel_unshuffle"
        " tokens class_token position custom",
        ("#eceff2", "#7a858f"), ("#2a3038", "#8b96a1"),
    ),
}  # fmt: skip
"""The kinds of operations, in the order of the legend; what no other kind names is ``other``."""

GROUND = (
    ("#ffffff", "#1c2430", "#5b6673", "#56616d", "#0b1f3a08", "#c3ccd6"),
    ("#0d1117", "#e6edf3", "#9aa6b3", "#7d8894", "#ffffff0a", "#39424d"),
)
"""Ground, text, less important text, lines, fill and border of groups: for light and for dark."""

PLAIN = Tone("#ffffff", "#56616d")
"""What has no colour, on white."""

SHARES = (1, 2, 5, 10, 20)
"""Bounds of the shares of a total, in percent, between the colours of SCALE; nothing at all has the first colour."""

SCALE = (
    (Tone("#ffffff", "#9aa5b1"), Tone("#161b22", "#56616d")),
    (Tone("#eaf2fa", "#8fb3d1"), Tone("#17293c", "#3f6a94")),
    (Tone("#cfe2f3", "#77a4c9"), Tone("#1a3a58", "#4a7cab")),
    (Tone("#a3cae8", "#5a93c0"), Tone("#1f5080", "#5a92c6")),
    (Tone("#6badd9", "#3a7fb5"), Tone("#286699", "#7fb2e0"), ),
    (Tone("#2a7ab9", "#1c5f96", "#ffffff"), Tone("#62a8e0", "#a5d0f3", "#0d1117")),
    (Tone("#0b4a86", "#08376a", "#ffffff"), Tone("#b3dbfb", "#e2f2ff", "#0d1117")),
)  # fmt: skip
"""From nothing to the largest shares: colours for light and for dark."""


def tone(look: str) -> Tone:
    """Return the colours of a look, for light."""
    if look in KINDS:
        return KINDS[look].light
    return SCALE[int(look[1:])][0] if look[1:].isdigit() else PLAIN


def kind_of(word: str) -> str:
    """Return the kind of an operation."""
    return _KIND_OF.get(word, "other")


_KIND_OF = {word: name for name, kind in KINDS.items() for word in kind.words}


def share_of(value: int, total: int) -> int:
    """Return the number of the colour for a share of a total."""
    if value <= 0 or total <= 0:
        return 0
    return 1 + sum(100 * value >= bound * total for bound in SHARES)
