"""Declarations in files: YAML, TOML and JSON to an `Appliance` and back, and the JSON Schema for editors."""
