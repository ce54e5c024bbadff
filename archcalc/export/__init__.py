"""Networks for other programs: sources and model files, written from a report. Nothing is counted here."""
