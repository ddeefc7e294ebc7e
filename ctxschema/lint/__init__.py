"""Checking what people already have: readers of what exists, checks, repairs, and the importer."""
