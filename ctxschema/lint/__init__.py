"""Linting existing files of an appliance: readers, checks, repairs, and the importer."""
