"""Find out why a reported figure differs."""
