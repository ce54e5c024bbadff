"""PyTorch: programs saved by ``torch.export.save`` (.pt2), and those exported in process."""
