"""One package for each format; all build the same kind of net."""
