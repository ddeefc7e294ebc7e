"""From what a machine receives to typed values that are known to be right."""
