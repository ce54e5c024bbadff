"""Reads the tree of a spec: formulas, items, blocks, families and their networks."""
