"""Limits that keep a hostile or mistaken spec from exhausting the machine: generous, and named in their messages."""

MAX_BYTES = 64 * 1024 * 1024
"""Size of a spec file, in bytes."""

MAX_PIPED = 1024 * 1024 * 1024
"""Size of another program's binary file on standard input, in bytes; one on disk is not read whole."""

MAX_NODES = 16_000_000
"""Values and containers in one YAML document, aliases counted each time they are used."""

MAX_ALIASED = 1_000_000
"""Values that all aliases together repeat."""

MAX_NESTING = 100
"""Levels of YAML lists and mappings inside one another."""

MAX_LAYERS = 2_000_000
"""Primitive layers of one network, with its blocks and repeats expanded."""

MAX_STEPS = 1_000_000
"""Items expanded for one network, beyond three for each layer that they add."""

MAX_EXPANSIONS = 10_000
"""Calls of blocks whose expansion is remembered, to be copied where they are repeated."""

MAX_BLOCK_NESTING = 100
"""Blocks and branches inside one another, once expanded."""

MAX_FORMULA_LENGTH = 500
"""Characters of one formula."""

MAX_FORMULA_NESTING = 50
"""Levels of one formula."""

MAX_NUMBER = 10**15
"""Largest whole number in a spec or out of a formula, and largest numerator or denominator of a fraction."""

MAX_REACH = 10**30
"""Largest receptive field and effective stride, in pixels, and smallest part of a pixel."""

MAX_CHANCES = 1_000
"""Different probabilities of survival in one network."""

MAX_ARGUMENTS = 200
"""Arguments of a file, and of a block."""

MAX_VARIANTS = 1_000
"""Variants of a file."""

MAX_WRITTEN = 10_000_000
"""Layers of all networks of a file together that are validated."""

MAX_FIGURES = 10_000
"""Published figures and expectations of one network."""

MAX_CHECKED = 40_000
"""Published figures and expectations of all networks of one file, and COST_OF_ANALYSIS for each network analysed."""

COST_OF_ANALYSIS = 20
"""Figures that take about as long to check as a network takes to analyse."""

MAX_LOOKED = 100_000_000
"""Layers searched for the figures of one network, counted again for each figure."""

MAX_PRINTED = 100
"""Characters of a printed figure, and layers that it names."""

MAX_FIELDS = 5
"""Arguments in the pattern of a file's names."""

MAX_TEXT = 100_000
"""Characters of one text: a title, a note, a name."""

MAX_EXPONENT = 64
"""Largest exponent of ** in a formula."""

MAX_MISTAKES = 50
"""Mistakes that one report of a spec lists."""

MAX_NOTED = 1000
"""Mistakes after which a spec is not read any further."""

MAX_ON_A_PAGE = 5_000
"""Layers of a network on a page for a browser."""

MAX_IN_EDITOR = 1_000_000
"""Characters of a spec in the editor of a page."""
