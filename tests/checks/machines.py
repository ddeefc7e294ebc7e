"""All simulated machines."""

from tests.checks import hosts, vms
from tests.checks.simulated import MACHINES, Machine

__all__ = ["MACHINES", "Machine", "hosts", "vms"]
