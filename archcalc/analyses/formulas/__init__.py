"""Closed forms: what a network comes to, as exact polynomials in its arguments and the sizes of its input."""
