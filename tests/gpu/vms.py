"""Simulated virtual machines."""

from tests.gpu.simulated import machine
from tests.gpu.tree import CDI_HOOK, HOOK, RELEASE, RUNTIME_JSON, Tree, fabric, licence

A = "0000:01:00.0"


def ready(tree: Tree, gpus: int = 1) -> None:
    tree.vm(gpus=gpus)
    tree.smi([{}] * gpus)
    tree.cuda(f"cuda 0 {max(gpus, 1)} 0")
    tree.docker()
    tree.toolkit(HOOK, "nvidia-ctk")


@machine("vm", kernel_driver="loaded", nvidia_smi="named", container_toolkit="hook", container_gpu="reaches",
         container_cuda="undeclared", cuda="known", mig="off", persistence="on", device_nodes="there",
         cuda_init="initialises", fabric="none", fabric_manager="no-switch", vgpu_licence="none")  # fmt: skip
def a_vm_that_is_ready(tree: Tree) -> None:
    ready(tree)


@machine("vm", container_toolkit="cdi", container_gpu="reaches", container_cuda="runs")
def a_vm_with_cdi_only(tree: Tree) -> None:
    ready(tree)
    tree.docker("29.7.2", ["alpine:3", "nvidia/cuda:12.4.1-base-ubuntu22.04"], environment="CUDA_VERSION=12.4.1")
    (tree.root / f"usr/bin/{HOOK}").unlink()
    tree.toolkit(CDI_HOOK, specification="var/run/cdi/nvidia.yaml", daemon='{"features": {"containerd": false}}')


@machine("vm", container_toolkit="too-old")
def a_vm_with_cdi_and_an_old_docker(tree: Tree) -> None:
    a_vm_with_cdi_only(tree)
    tree.docker("28.5.2")


@machine("vm", container_toolkit="switched-off")
def a_vm_with_cdi_switched_off(tree: Tree) -> None:
    a_vm_with_cdi_only(tree)
    tree.toolkit(daemon='{"a": "x{\\"", "features": {"buildkit": true,\n "cdi" : false}}')


@machine("vm", container_toolkit="no-hook")
def a_vm_with_a_specification_and_no_hook(tree: Tree) -> None:
    a_vm_with_cdi_only(tree)
    (tree.root / f"usr/bin/{CDI_HOOK}").unlink()


@machine("vm", container_toolkit="no-specification")
def a_vm_with_a_hook_and_no_specification(tree: Tree) -> None:
    a_vm_with_cdi_only(tree)
    (tree.root / "var/run/cdi/nvidia.yaml").write_text("kind: amd.com/gpu\n")


@machine("vm", container_toolkit="not-installed")
def a_vm_with_daemon_json_alone(tree: Tree) -> None:
    ready(tree)
    (tree.root / f"usr/bin/{HOOK}").unlink()
    tree.toolkit(daemon=RUNTIME_JSON)


@machine("vm", vm_gpus="none", kernel_driver="not-installed", docker="silent")
def a_vm_without_a_gpu(tree: Tree) -> None:
    tree.vm(version=None, gpus=0)
    tree.program("docker", "echo 'Cannot connect to the Docker daemon at unix:///x. Is it running?' >&2; exit 1")


@machine("vm", kernel_driver="not-installed", docker="not-found", nvidia_smi="no-driver")
def a_vm_with_a_gpu_and_no_driver(tree: Tree) -> None:
    tree.vm(version=None, driver=None)
    tree.folder("sys/module/nvidia_wmi_ec_backlight")
    tree.file("proc/modules", "nvidia_wmi_ec_backlight 16384 0 - Live 0x0\ni2c_nvidia_gpu 1 0 - Live 0x0\n")
    tree.program("lsmod", "echo 'nvidia_wmi_ec_backlight 16384 0'; echo 'i2c_ccgx_ucsi 1 1 i2c_nvidia_gpu'")
    tree.program("nvidia-smi", "echo 'NVIDIA-SMI has failed because it could not communicate'; exit 9")


@machine("vm", kernel_driver="not-installed", nouveau="holds", docker="not-found")
def a_vm_with_nouveau(tree: Tree) -> None:
    tree.vm(version=None, driver="nouveau")


@machine("vm", kernel_driver="not-started", docker="not-found")
def a_vm_whose_driver_did_not_start(tree: Tree) -> None:
    tree.vm(version=None, driver=None)
    tree.file(f"lib/modules/{RELEASE}/modules.dep", "updates/dkms/nvidia-current.ko.xz: kernel/drm.ko\n")


@machine("vm", kernel_driver="not-started", secure_boot="refuses", docker="not-found")
def a_vm_with_secure_boot(tree: Tree) -> None:
    a_vm_whose_driver_did_not_start(tree)
    tree.file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", "\6\0\0\0\1")


@machine("vm", kernel_driver="not-installed", secure_boot="ahead", docker="not-found")
def a_vm_with_secure_boot_and_no_driver(tree: Tree) -> None:
    tree.vm(version=None, driver=None)
    tree.file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", "\6\0\0\0\1")


@machine("vm", secure_boot="signed")
def a_vm_with_a_signed_driver(tree: Tree) -> None:
    ready(tree)
    tree.file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", "\6\0\0\0\1")


@machine("vm", secure_boot="off", vm_gpus="no-bus", nouveau="no-gpu")
def a_vm_with_secure_boot_off_and_no_bus(tree: Tree) -> None:
    ready(tree, gpus=0)
    tree.smi([{}])
    tree.file("dev/nvidia0")
    tree.file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", "\6\0\0\0\0")
    (tree.root / "sys/bus/pci/devices").rmdir()


@machine("vm", kernel_driver="other-kernel", docker="not-found")
def a_vm_with_a_new_kernel(tree: Tree) -> None:
    tree.vm(version=None, driver=None)
    tree.file("lib/modules/6.1.0-17-amd64/modules.dep", "updates/dkms/nvidia.ko.xz:\n")


@machine("vm", nvidia_smi="not-found")
def a_vm_without_nvidia_smi(tree: Tree) -> None:
    ready(tree)
    (tree.bin / "nvidia-smi").unlink()


@machine("vm", "--timeout", "1", nvidia_smi="timeout")
def a_vm_whose_driver_hangs(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", "trap '' TERM INT HUP; sleep 30 & wait; sleep 30")


SAYS = "Failed to initialize NVML: {}"


@machine("vm", nvidia_smi="mismatch")
def a_vm_with_two_versions_of_the_driver(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", f"echo '{SAYS.format('Driver/library version mismatch')}'; exit 18")


@machine("vm", nvidia_smi="no-library")
def a_vm_without_nvml(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", 'echo "NVIDIA-SMI couldn\'t find libnvidia-ml.so library in your system."; exit 12')


@machine("vm", nvidia_smi="refused")
def a_vm_whose_driver_does_not_talk(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", 'echo "NVIDIA-SMI has failed because it couldn\'t communicate"; exit 9')


@machine("vm", nvidia_smi="no-devices")
def a_vm_whose_driver_has_no_device(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", "echo 'No devices were found'; exit 6")


@machine("vm", nvidia_smi="no-devices")
def a_vm_whose_nvidia_smi_ends_well_all_the_same(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", "echo 'No devices were found'")


@machine("vm", nvidia_smi="failed")
def a_vm_with_a_lost_gpu(tree: Tree) -> None:
    ready(tree)
    tree.program("nvidia-smi", "printf 'Unable to determine the device handle:\\n\\tGPU is lost. \\377\\001'; exit 15")


@machine("vm", nvidia_smi="named fewer", container_gpu="reaches")
def a_vm_with_one_gpu_of_two(tree: Tree) -> None:
    ready(tree, gpus=2)
    tree.smi([{}])


@machine("vm", nvidia_smi="named named", mig="uncut", cuda_init="no-devices")
def a_vm_with_mig_and_no_instance(tree: Tree) -> None:
    ready(tree, gpus=2)
    tree.cuda("cuda 100 0 0")
    tree.smi([{"mig.mode.current": "[N/A]"}, {"mig.mode.current": "Enabled", "memory.total": "[N/A]"}])


@machine("vm", mig="cut")
def a_vm_with_mig_instances(tree: Tree) -> None:
    ready(tree)
    tree.smi([{"mig.mode.current": "Enabled"}], instances=[3])


@machine("vm", mig="untold", cuda="unknown", container_cuda="untold")
def a_vm_whose_nvidia_smi_only_answers_once(tree: Tree) -> None:
    ready(tree)
    tree.smi([{"mig.mode.current": "Enabled"}])
    smi = tree.bin / "nvidia-smi"
    smi.write_text(smi.read_text().replace("#!/bin/sh\n", "#!/bin/sh\ncase $1 in -L | '') exit 3 ;; esac\n"))


@machine("vm", persistence="off", device_nodes="missing missing")
def a_vm_that_just_started(tree: Tree) -> None:
    ready(tree)
    tree.smi([{"persistence_mode": "Disabled"}])
    (tree.root / "dev/nvidia-uvm").unlink()
    (tree.root / "dev/nvidia0").unlink()


@machine("vm", persistence="untold", cuda="unknown", container_cuda="untold")
def a_vm_with_an_old_driver(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], unknown="persistence_mode", cuda="")


@machine("vm", docker="denied")
def a_vm_where_nobody_in_particular_looks(tree: Tree) -> None:
    ready(tree)
    tree.program("docker", "echo 'permission denied while trying to connect to the docker API at x' >&2; exit 1")


@machine("vm", "--timeout", "1", docker="timeout")
def a_vm_whose_docker_hangs(tree: Tree) -> None:
    ready(tree)
    tree.program("docker", "exec sleep 30")


@machine("vm", container_gpu="refused")
def a_vm_whose_docker_refuses(tree: Tree) -> None:
    ready(tree)
    tree.docker(run="echo 'could not select device driver \"\" with capabilities: [[gpu]]' >&2; exit 125")


@machine("vm", container_gpu="refused")
def a_vm_whose_hook_fails(tree: Tree) -> None:
    ready(tree)
    tree.docker(run="echo 'error running prestart hook: nvidia-container-cli: executable file not found' >&2; exit 127")


@machine("vm", container_gpu="no-program")
def a_vm_with_an_alpine_image(tree: Tree) -> None:
    ready(tree)
    tree.docker(run="echo 'exec /usr/bin/nvidia-smi: no such file or directory' >&2; exit 255")


@machine("vm", container_gpu="blind")
def a_vm_whose_container_lost_the_gpu(tree: Tree) -> None:
    ready(tree)
    tree.docker(run=f"echo '{SAYS.format('Unknown Error')}'; exit 255")


@machine("vm", "--image", "nvidia/cuda:12.0-base", container_gpu="not-there", container_cuda="not-there")
def a_vm_that_is_asked_for_a_missing_image(tree: Tree) -> None:
    ready(tree)


@machine("vm", "--image", "nvidia/cuda:12.0-base", "--pull", container_gpu="not-there", container_cuda="not-there")
def a_vm_that_is_asked_for_a_tag_that_does_not_exist(tree: Tree) -> None:
    ready(tree)


@machine("vm", "--pull", container_gpu="reaches")
def a_vm_that_may_download(tree: Tree) -> None:
    ready(tree)
    tree.docker(images=["flwr/supernode:1.25.0"], downloads="nvidia/cuda:12.4.1-base-ubuntu22.04")


@machine("vm", container_gpu="no-image", container_cuda="no-image")
def a_vm_with_the_plain_tag_only(tree: Tree) -> None:
    ready(tree)
    tree.docker(images=["flwr/supernode:1.25.0", "<none>:<none>", "nvidia/cuda:<none>"])


@machine("vm", container_cuda="newer")
def a_vm_with_an_image_of_a_newer_cuda(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], cuda="CUDA Version: 12.2 ")
    tree.docker(environment="'CUDA_VERSION=13.0.1' A=B")


@machine("vm", container_cuda="newer-minor")
def a_vm_with_an_image_of_a_little_newer_cuda(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], cuda="CUDA Version: 12.9 ")
    tree.docker(environment="CUDA_VERSION=12.10.1")


@machine("vm", "--timeout", "1", container_gpu="timeout")
def a_vm_whose_container_hangs(tree: Tree) -> None:
    ready(tree)
    tree.docker(run="exec sleep 30")


@machine("vm", kernel_driver="unreadable", secure_boot="unreadable", vm_gpus="unreadable", nouveau="no-gpu")
def a_vm_with_locked_folders(tree: Tree) -> None:
    tree.vm(version=None, gpus=1)
    tree.program("docker", "echo 28.5.2")
    tree.toolkit(HOOK)
    tree.file("sys/firmware/efi/efivars/x")
    tree.folder("proc/driver/nvidia")
    tree.lock("proc/driver", "sys/bus/pci/devices", "sys/firmware/efi/efivars")


@machine("vm", nouveau="unreadable", device_nodes="unreadable")
def a_vm_with_a_locked_gpu(tree: Tree) -> None:
    ready(tree)
    (tree.root / f"sys/bus/pci/devices/{A}/driver").unlink()
    tree.folder(f"sys/bus/pci/devices/{A}/driver")
    tree.lock("dev")


# ---- CUDA, the fabric, licences ----


@machine("vm", cuda_init="not-ready", fabric="waiting", nvidia_smi="named")
def a_vm_with_a_gpu_in_no_partition(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], details=[fabric("In Progress", "N/A")])
    tree.cuda("cuda 802 0 0")


@machine("vm", cuda_init="initialises", fabric="joined joined", fabric_manager="runs")
def a_vm_with_its_nvswitches(tree: Tree) -> None:
    ready(tree, gpus=2)
    tree.smi([{}, {}], details=[fabric("Completed", "Success")] * 2)
    tree.fabric_manager()


@machine("vm", cuda_init="not-ready", fabric="waiting", fabric_manager="mismatch")
def a_vm_with_fabric_manager_of_another_version(tree: Tree) -> None:
    a_vm_with_a_gpu_in_no_partition(tree)
    tree.smi([{}], details=[fabric("Not Started", "N/A")])
    tree.fabric_manager("580.95.05", runs=False)


@machine("vm", cuda_init="not-ready", fabric="waiting", fabric_manager="not-running")
def a_vm_whose_fabric_manager_does_not_run(tree: Tree) -> None:
    a_vm_with_a_gpu_in_no_partition(tree)
    tree.fabric_manager(runs=False)
    tree.file("proc/77/comm", "bash\n")


@machine("vm", cuda_init="not-ready", fabric="waiting", fabric_manager="not-installed")
def a_vm_with_nvswitches_and_no_fabric_manager(tree: Tree) -> None:
    a_vm_with_a_gpu_in_no_partition(tree)
    tree.fabric_manager()
    (tree.bin / "nv-fabricmanager").unlink()


@machine("vm", fabric="failed", cuda_init="initialises", fabric_manager="untold")
def a_vm_that_could_not_join_its_fabric(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], details=[fabric("Completed", "Insufficient Resources")])
    tree.fabric_manager()
    tree.program("nv-fabricmanager", "echo segmentation fault >&2; exit 139")


@machine("vm", fabric="unneeded", cuda_init="initialises", fabric_manager="no-switch")
def a_vm_that_does_without_its_fabric(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], details=[fabric("In Progress", "N/A")])


@machine("vm", fabric_manager="no-driver", kernel_driver="not-installed", docker="not-found")
def a_vm_with_nvswitches_and_no_driver(tree: Tree) -> None:
    tree.vm(version=None, driver=None)
    tree.fabric_manager()


@machine("vm", cuda_init="mismatch")
def a_vm_with_a_libcuda_of_another_version(tree: Tree) -> None:
    ready(tree)
    tree.cuda("cuda 803 0 0")


@machine("vm", cuda_init="compat")
def a_vm_with_cudas_compatibility_package(tree: Tree) -> None:
    ready(tree)
    tree.cuda("cuda 804 0 0")


@machine("vm", cuda_init="unknown", device_nodes="missing")
def a_vm_without_uvm(tree: Tree) -> None:
    ready(tree)
    tree.cuda("cuda 999 0 0")
    (tree.root / "dev/nvidia-uvm").unlink()


@machine("vm", cuda_init="no-devices")
def a_vm_where_cuda_counts_nothing(tree: Tree) -> None:
    ready(tree)
    tree.cuda("cuda 0 0 0")


@machine("vm", cuda_init="failed")
def a_vm_where_cuda_answers_something_rare(tree: Tree) -> None:
    ready(tree)
    tree.cuda("a line before it\ncuda 3 0 0")


@machine("vm", cuda_init="prohibited")
def a_vm_with_compute_mode_prohibited(tree: Tree) -> None:
    ready(tree, gpus=2)
    tree.cuda("cuda 0 2 2")


@machine("vm", cuda_init="initialises fewer")
def a_vm_where_cuda_has_one_of_two(tree: Tree) -> None:
    ready(tree, gpus=2)
    tree.cuda("cuda 0 1 0")


@machine("vm", cuda_init="no-library")
def a_vm_without_libcuda(tree: Tree) -> None:
    ready(tree)
    tree.cuda("no library: libcuda.so.1: cannot open shared object file: No such file or directory", code=1)


@machine("vm", cuda_init="crashed")
def a_vm_where_libcuda_crashes(tree: Tree) -> None:
    ready(tree)
    tree.program("python3", "kill -SEGV $$")


@machine("vm", "--timeout", "1", cuda_init="timeout")
def a_vm_where_cuda_hangs(tree: Tree) -> None:
    ready(tree)
    tree.program("python3", "trap '' TERM INT HUP; sleep 30 & wait; sleep 30")


@machine("vm", cuda_init="no-python")
def a_vm_with_a_small_python(tree: Tree) -> None:
    ready(tree)
    tree.cuda("no ctypes", code=1)


@machine("vm", cuda_init="no-python")
def a_vm_without_python(tree: Tree) -> None:
    ready(tree)
    (tree.bin / "python3").unlink()


@machine("vm", cuda_init="elsewhere")
def a_vm_in_a_folder_without_libcuda(tree: Tree) -> None:
    ready(tree)
    (tree.root / "usr/lib/x86_64-linux-gnu/libcuda.so.1").unlink()


@machine("vm", vgpu_licence="licensed grace restricted", fabric="none")
def a_vm_of_vgpus(tree: Tree) -> None:
    ready(tree, gpus=3)
    states = ["Licensed (Expiry: 2027-1-31 11:32:22 GMT)", "Unlicensed (Unrestricted)", "Unlicensed (Restricted)"]
    tree.smi([{}] * 3, details=[fabric("N/A", "N/A") + licence(state) for state in states])


@machine("vm", container_cuda="newer")
def a_vm_with_an_image_that_requires_a_newer_cuda(tree: Tree) -> None:
    ready(tree)
    tree.smi([{}], cuda="CUDA Version: 12.2 ")
    tree.docker(environment="'NVIDIA_REQUIRE_CUDA=cuda>=13.0 brand=tesla,driver>=535'")
