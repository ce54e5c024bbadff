"""From a spec to a network (a flat list of nodes with shapes), and from a network to a report of integers."""
