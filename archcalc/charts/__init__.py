"""Charts of reports: networks compared, layers, memory over time, the errors of years; as SVG and as Vega-Lite."""
