"""How much memory a network takes: as a sum, at its peak at inference, and in training."""
