"""The roles of a Flower service that read a variable."""

SUPERLINK = "superlink"
SUPERNODE = "supernode"
BOTH = "both"
SERVICE = "service"
"""For a variable that is set for the whole OneFlow service; it reaches both roles."""
