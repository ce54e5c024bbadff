"""Devices that networks run on: cards and processors with their memory, bandwidth and peaks."""
