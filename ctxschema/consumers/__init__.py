"""The consumers of USER_INPUTS: what each accepts, and how it treats an answer."""
