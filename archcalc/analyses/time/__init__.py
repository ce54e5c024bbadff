"""How long a network takes on a device: a sum over its passes, checked against measurements."""
