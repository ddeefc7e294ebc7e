"""The checks of a virtual machine."""
