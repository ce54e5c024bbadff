"""Darknet: sections of settings, one for each layer, in the order in which they run."""
