"""What networks run on: cards and processors with their memory, bandwidth and peaks."""
