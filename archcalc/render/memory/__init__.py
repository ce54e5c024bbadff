"""The page of ``memory``, part by part."""
