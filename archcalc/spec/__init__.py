"""From the text of a spec to the spec itself: source, tree with places, words, formulas, items."""
