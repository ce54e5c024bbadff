"""Pages for a browser: the report, and the playground in which a spec is edited."""
