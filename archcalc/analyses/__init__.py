"""Further readings of a counted network, one file each."""
