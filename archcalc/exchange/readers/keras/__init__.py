"""Keras: the configuration of a model, as ``to_json()`` writes it and ``.keras`` files hold it (Keras 2 and 3)."""
