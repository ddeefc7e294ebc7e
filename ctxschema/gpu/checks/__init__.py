"""The checks, one module each: a declaration and a probe, and beside it a file of the same name in bash."""
