"""From a graph to the text of a spec, and back to hold it against the graph."""
