"""What a boot touches: files, programs, the Docker engine, OneGate and the log. The standard library only."""
