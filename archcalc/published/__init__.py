"""Published figures: what was printed of a network, where, and whether it follows from the network."""
