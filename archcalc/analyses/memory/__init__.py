"""How much memory a network takes: as a sum, at its peak when it runs, and in training."""
