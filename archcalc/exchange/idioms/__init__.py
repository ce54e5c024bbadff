"""Operations that files spell out as several, brought back to the one that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archcalc.exchange.idioms import activations, attention, norms, windows

if TYPE_CHECKING:
    from archcalc.exchange.operands import Operands

RULES = (
    activations.single,
    activations.gates,
    norms.decomposed,
    norms.across_channels,
    norms.grouped,
    norms.affine,
    windows.blocks,
    windows.padding,
    attention.products,
)
"""The rewritings, in the order in which one makes room for the next."""


def simplify(net: Operands) -> None:
    """Rewrite a net: drop what no output needs, and bring idioms back to single operations."""
    net.prune()
    for rule in RULES:
        net.replace_all(rule(net))
