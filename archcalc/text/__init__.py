"""YAML as text with places, and readers of typed values; knows nothing about specs."""
