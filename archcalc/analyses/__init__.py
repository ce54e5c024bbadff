"""Further analyses of a counted network, one file each."""
