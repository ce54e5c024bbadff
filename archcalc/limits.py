"""The limits that keep a hostile or mistaken spec from taking the machine: generous, and said in every message."""

MAX_BYTES = 64 * 1024 * 1024
"""Size of a spec file, in bytes."""

MAX_NODES = 16_000_000
"""Values and containers in one YAML document, aliases counted each time they are used."""

MAX_NESTING = 100
"""Levels of YAML lists and mappings inside one another."""

MAX_LAYERS = 2_000_000
"""Primitive layers of one network, after blocks and repeats have been written out."""

MAX_STEPS = 3 * MAX_LAYERS
"""Items carried out while a network is written out, whether or not they add a layer."""

MAX_BLOCK_NESTING = 100
"""Blocks and branches inside one another, once written out."""

MAX_FORMULA_LENGTH = 500
"""Characters of one formula."""

MAX_FORMULA_NESTING = 50
"""Levels of one formula."""

MAX_NUMBER = 10**15
"""Largest whole number in a spec or out of a formula, and largest numerator or denominator of a fraction."""

MAX_EXPONENT = 64
"""Largest exponent of ** in a formula."""

MAX_MISTAKES = 50
"""Mistakes that one report of a spec lists."""

MAX_NOTED = 1000
"""Mistakes after which a spec is not read any further."""
