"""From the tree of a spec to the spec itself: formulas, items, blocks, families and their networks."""
