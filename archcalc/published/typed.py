"""Claims and expectations that are typed on the command line, about the networks that are named there."""

from __future__ import annotations

import re

from archcalc.errors import RequestError, did_you_mean, printable
from archcalc.published.expect import BOUNDS, read_bound, read_quantity
from archcalc.published.figure import Figure, with_value
from archcalc.published.quantities import QUANTITIES
from archcalc.text.tree import NodeError, Scalar

CLAIM, EXPECT = "--claim", "--expect"

_WORDS = {
    "parameters": "params", "parameter": "params", "param": "params", "weights": "params", "mac": "macs",
    "maccs": "macs", "mult-adds": "macs", "multiply-adds": "macs", "activations": "memory", "layers": "depth",
    "size": "model_size", "flop": "flops",
}  # fmt: skip
"""What people call quantities."""


def read_claim(text: str) -> Figure:
    """Read what somebody says of a network, ``params 25.6M`` or ``25.6M params``, or ``output 96x55x55 at conv1``.

    Raises RequestError where it cannot be read.
    """
    said, _, at = text.partition(" at ")
    words = _words(said)
    quantities = [_quantity(word) for word in words]
    if len(words) < 2 or not (quantities[0] or quantities[-1]):
        unknown = next((word for word in words if not any(map(str.isdigit, word))), "")
        known = [word for word, quantity in QUANTITIES.items() if quantity.kind != "measured"]
        hint = did_you_mean(unknown.lower(), known) if unknown else ""
        hint = hint or f"; there are {', '.join(known)}"
        raise _refused(CLAIM, text, f"write QUANTITY FIGURE, as in params 25.6M{hint}")
    quantity, printed = (quantities[0], words[1:]) if quantities[0] else (quantities[-1], words[:-1])
    if quantity == "flops":
        raise _refused(
            CLAIM, text, "FLOPs are counted in many ways: write macs, and --convention NAME if not plain MACs"
        )
    if QUANTITIES[quantity].kind == "measured":
        raise _refused(CLAIM, text, f"{quantity} is measured, not computed")
    node = Scalar(re.sub(r"(?<=[0-9]) (?=[A-Za-z]+$)", "", " ".join(printed)), True, 0, 0)
    try:
        return with_value(Figure(node, quantity, node.value, CLAIM, at=tuple(at.split()) or None), node)
    except NodeError as error:
        raise _refused(CLAIM, text, str(error)) from None


def read_expectation(text: str) -> Figure:
    """Read a bound on a quantity, ``params <= 5M``; raise RequestError where it cannot be read."""
    found = re.fullmatch(rf"\s*([A-Za-z][\w-]*)\s*((?:{'|'.join(BOUNDS)}).*)", text)
    if found is None:
        raise _refused(EXPECT, text, f"write QUANTITY BOUND FIGURE, as in params <= 5M; a bound is {', '.join(BOUNDS)}")
    word, bound = found.groups()
    try:
        quantity = read_quantity(Scalar(_quantity(word) or word, True, 0, 0))
        return read_bound(quantity, Scalar(bound.strip(), True, 0, 0))
    except NodeError as error:
        raise _refused(EXPECT, text, str(error)) from None


def _words(said: str) -> list[str]:
    """Split a claim into words; 3.8GMACs and 3.8 GMACs are 3.8G macs."""
    spaced = re.sub(r"(?i)(?<=[0-9KMGTB])(macs?|maccs|flops?|params?)\b", r" \1", said)
    return spaced.replace("=", " ").replace(":", " ").split()


def _quantity(word: str) -> str:
    """Return the quantity that a word names, or nothing."""
    plain = _WORDS.get(word.lower(), word.lower())
    return plain if plain in QUANTITIES or plain == "flops" else ""


def _refused(option: str, text: str, why: str) -> RequestError:
    return RequestError(f"{option} '{printable(text[:100])}': {why}")
