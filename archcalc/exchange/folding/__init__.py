"""From a graph to a spec as a person would write it: branches in their merges, repeated parts as blocks."""
