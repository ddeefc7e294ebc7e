"""Reading the context that a machine receives, and judging it against an appliance."""
