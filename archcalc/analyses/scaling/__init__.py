"""Scaling: networks along the path of compound scaling, and the largest value of an argument within bounds."""
