"""The pages of ``time`` and ``devices``."""
