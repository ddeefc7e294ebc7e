"""The checks of a KVM host."""
