"""Which role of a Flower service reads a variable."""

SUPERLINK = "superlink"
SUPERNODE = "supernode"
BOTH = "both"
SERVICE = "service"
"""Set once for the whole OneFlow service; it reaches both roles."""
