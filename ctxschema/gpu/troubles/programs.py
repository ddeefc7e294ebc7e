"""The programs that print messages about GPUs, and where they run."""

from __future__ import annotations

from ctxschema.model.check import Layer
from ctxschema.model.trouble import Program

_VM, _HOST = Layer.VM, Layer.HOST

CHECKS = Program("ctxschema gpu check", "where it is run", _VM, ())
HOST_CHECKS = Program("ctxschema gpu check host", "the KVM host", _HOST, ())
CONTAINER_CLI = Program(
    "nvidia-container-cli",
    "the virtual machine, when a container is made",
    _VM,
    ("nvidia-container-cli", "libnvidia-container"),
)
RUNTIME_HOOK = Program(
    "nvidia-container-runtime-hook",
    "the virtual machine, when a container is made",
    _VM,
    ("nvidia-container-runtime-hook", "nvidia-container-toolkit"),
)
RUNTIME = Program(
    "nvidia-container-runtime",
    "the virtual machine, when a container is made",
    _VM,
    ("nvidia-container-runtime", "Auto-detected mode as"),
)
CDI_HOOK = Program(
    "nvidia-cdi-hook",
    "the virtual machine, when a container is made",
    _VM,
    ("nvidia-cdi-hook", "nvidia-ctk hook", "createContainer hook"),
)
CTK = Program("nvidia-ctk", "the virtual machine", _VM, ("nvidia-ctk", "nvidia-cdi-refresh"))
DOCKER = Program(
    "Docker",
    "the virtual machine: the client or dockerd",
    _VM,
    ("docker", "dockerd", "Error response from daemon"),
)
RUNC = Program(
    "runc",
    "the virtual machine: containerd and the OCI runtime below Docker",
    _VM,
    ("runc", "containerd", "OCI runtime", "crun"),
)
NVRM = Program(
    "the NVIDIA kernel driver",
    "the kernel log, where the driver is loaded: mostly the virtual machine",
    _VM,
    ("NVRM", "nvidia-nvswitch", "nvidia-nvlink", "nvidia-uvm", "nvidia-modeset"),
)
XID = Program("Xids of the NVIDIA kernel driver", "the kernel log, where the driver is loaded", _VM, ("Xid", "SXid"))
KERNEL = Program("the Linux kernel", "the kernel log", _VM, ("kernel", "systemd-modules-load"))
MODPROBE = Program("modprobe", "the virtual machine", _VM, ("modprobe", "insmod", "rmmod"))
DKMS = Program(
    "DKMS and the installers", "the virtual machine", _VM, ("dkms", "nvidia-installer", "NVIDIA-Linux-x86_64")
)
NVIDIA_SMI = Program(
    "nvidia-smi and NVML", "the virtual machine or a container", _VM, ("nvidia-smi", "NVML", "NVMLError", "pynvml")
)
PERSISTENCED = Program("nvidia-persistenced", "the virtual machine", _VM, ("nvidia-persistenced",))
FABRIC = Program(
    "Fabric Manager",
    "where the NVSwitches are: the host, or a virtual machine that has them all",
    _VM,
    ("nv-fabricmanager", "nvidia-fabricmanager", "nv-hostengine", "fabricmanager", "nvlsm"),
)
GRIDD = Program("nvidia-gridd", "the virtual machine", _VM, ("nvidia-gridd", "nvidia-topologyd"))
VGPU_HOST = Program(
    "NVIDIA vGPU Manager", "the KVM host", _HOST, ("nvidia-vgpu-mgr", "nvidia-vgpud", "nvidia-vgpu-vfio")
)
CUDA = Program(
    "CUDA", "the program in the container", _VM, ("CUDA", "cudart", "libcuda", "cuInit", "CUDA_ERROR", "cudaError")
)
CUDNN = Program("cuDNN, cuBLAS and NCCL", "the program in the container", _VM, ("cudnn", "cublas", "nccl", "libcudnn"))
TORCH = Program("PyTorch", "the program in the container", _VM, ("torch", "pytorch"))
TENSORFLOW = Program(
    "TensorFlow", "the program in the container", _VM, ("tensorflow", "tf2", "XLA_FLAGS", "stream_executor")
)
JAX = Program("JAX", "the program in the container", _VM, ("jax", "jaxlib", "xla_bridge"))
OLLAMA = Program("Ollama and llama.cpp", "the program in the container", _VM, ("ollama", "ggml_cuda_init", "llama.cpp"))
LOADER = Program("the dynamic loader", "the program that is started", _VM, ("cannot open shared object file",))
VFIO = Program(
    "VFIO in the host's kernel", "the KVM host's kernel log", _HOST, ("vfio-pci", "vfio_iommu_type1", "vfio")
)
IOMMU = Program(
    "the IOMMU in the host's kernel", "the KVM host's kernel log", _HOST, ("DMAR", "AMD-Vi", "iommu", "DMAR-IR")
)
HOST_KERNEL = Program("PCI in the host's kernel", "the KVM host's kernel log", _HOST, ("pcieport", "pci_bus", "AER"))
QEMU = Program(
    "QEMU", "the KVM host: /var/log/libvirt/qemu/one-<id>.log", _HOST, ("qemu-system-x86_64", "qemu-kvm", "qemu", "kvm")
)
LIBVIRT = Program("libvirt", "the KVM host", _HOST, ("libvirt", "libvirtd", "virtqemud", "virsh", "virPCIDevice"))
DRIVERCTL = Program("driverctl and sysfs", "the KVM host", _HOST, ("driverctl",))
OPENNEBULA = Program(
    "OpenNebula",
    "the front-end: oned.log, sched.log and the log of the VM",
    _HOST,
    ("oned", "onehost", "onevm", "OpenNebula"),
)
ONE_DRIVER = Program(
    "OpenNebula's KVM driver", "the KVM host, told in the VM's log", _HOST, ("DEPLOY", "vgpu", "kvm/deploy", "pci.rb")
)
ONEGATE = Program(
    "OneGate", "the front-end and the virtual machine", _VM, ("onegate", "OneGate", "TOKEN_PASSWORD", "TOKENTXT")
)
