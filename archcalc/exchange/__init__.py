"""Networks in other programs' files: readers turn a file into a graph in archcalc's words."""
