"""Declarations as files: YAML, TOML and JSON to an `Appliance` and back, and the JSON Schema that editors read."""
