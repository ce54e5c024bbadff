"""One network as a spec of its own: its family's text, with the network's name, arguments, input and figures.

What is the network's own is written anew; everything else, comments included, is the family's text as it is.
"""
