"""The outputs that are generated from a declaration: one module for each, and the registry that lists them."""
