"""Documents rendered from declarations: pure functions from a declaration to Markdown or SVG."""
