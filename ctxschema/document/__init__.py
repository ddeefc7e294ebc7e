"""Rendering documents: pure functions from declarations to Markdown or SVG."""
