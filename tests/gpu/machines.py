"""All simulated machines."""

from tests.gpu import hosts, vms
from tests.gpu.simulated import MACHINES, Machine

__all__ = ["MACHINES", "Machine", "hosts", "vms"]
