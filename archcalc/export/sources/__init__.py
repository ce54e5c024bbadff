"""Sources in Python that a person would have written: what PyTorch's and Keras' writers share."""
