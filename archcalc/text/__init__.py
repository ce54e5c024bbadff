"""YAML as text with places, and the readers of typed values; knows no spec."""
