"""The boot of a machine: the dry run, and the agent that reads the context and starts the container."""
