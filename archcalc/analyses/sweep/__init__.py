"""Sweeps: a network at every combination of values of its arguments, input, batch, type and device."""
