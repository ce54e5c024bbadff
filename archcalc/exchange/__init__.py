"""Networks in other programs' files.

:func:`archcalc.exchange.reading.read` turns a file into a graph in archcalc's words: a reader of its format
(``readers``) makes a net of tensors (``tensors``, ``build``, ``operands``), ``idioms`` bring what files spell out back
to single operations, ``lowering`` works out what is channels and what is a place.
"""
