"""The checks: a module each, with its declaration and its probe, and beside it a file of its name in bash."""
