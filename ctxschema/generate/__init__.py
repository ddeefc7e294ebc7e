"""Everything that is derived from a declaration: one module per output, and the registry of them."""
