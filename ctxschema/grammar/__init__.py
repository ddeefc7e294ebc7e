"""Parsing USER_INPUTS strings and template text into trees, and writing them."""
