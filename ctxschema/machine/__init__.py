"""Everything of the machine that a boot uses: files, programs, Docker, OneGate, the log. Standard library only."""
