"""Writing findings as text and in the formats of other programs."""
