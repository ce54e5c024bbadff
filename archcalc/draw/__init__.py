"""Pictures of networks: a graph of boxes, laid out and written as SVG, DOT, Mermaid or TikZ."""
