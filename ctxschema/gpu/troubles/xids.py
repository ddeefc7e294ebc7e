"""Xids, the NVIDIA kernel driver's numbered errors: their meaning, and their usual cause.

Source: NVIDIA, Xid Errors (docs.nvidia.com/deploy/xid-errors) and its list for Ampere and newer cards;
the names in open-gpu-kernel-modules, src/common/sdk/nvidia/inc/nverror.h.
"""

from __future__ import annotations

from enum import Enum

from ctxschema.gpu.troubles.programs import XID
from ctxschema.gpu.troubles.words import KERNEL_LOG
from ctxschema.model.trouble import Cause, Trouble

_SOURCE = "NVIDIA, Xid Errors and Xid Catalog"


class _Fault(Enum):
    PROGRAM = "the program"
    DRIVER = "the driver"
    CARD = "the card or its slot"
    MENDED = "the card, which mended it itself"
    LINK = "NVLink, NVSwitch or Fabric Manager"
    NOBODY = "nobody"
    UNKNOWN = "the program, the driver or the card"


_FIXES = {
    _Fault.PROGRAM: "start the program again; if it comes again with the same program, mend that: `compute-sanitizer "
    "<program>` "
    "names the place",
    _Fault.DRIVER: "restart the virtual machine; if it comes again, install another driver of the newest branch and "
    "report it with "
    "`nvidia-bug-report.sh`",
    _Fault.CARD: "stop the programs and reset the GPU (`nvidia-smi --gpu-reset -i <index>`) or power the machine off "
    "and on; if it "
    "comes again, run `dcgmi diag -r 3` and have the card replaced",
    _Fault.MENDED: "nothing now; watch `nvidia-smi -q -d ECC,ROW_REMAPPER`, and have the card replaced if it goes on",
    _Fault.LINK: "restart Fabric Manager (`systemctl restart nvidia-fabricmanager`) where the switches are, or the "
    "machine; if it "
    "comes again, have the board looked at",
    _Fault.NOBODY: "nothing, or restart what ran on the GPU",
    _Fault.UNKNOWN: "start the program again, then try another driver, then another card",
}
_TELLS = {
    _Fault.PROGRAM: "it comes with one program only, whose process number stands in the message, and goes with "
    "another card, too",
    _Fault.DRIVER: "it comes with several programs, began with an update of the driver, and other cards do the same",
    _Fault.CARD: "it comes with every program, on this card alone, and moves with it to another slot or machine",
    _Fault.MENDED: "programs go on as if nothing had been",
    _Fault.LINK: "`nvidia-smi nvlink -s` or `nvidia-smi -q` (Fabric) shows links that are down",
    _Fault.NOBODY: "other Xids before it are the cause",
    _Fault.UNKNOWN: "always one program: that; since an update: the driver; every program on one card: the card",
}

_P, _D, _C, _M = _Fault.PROGRAM, _Fault.DRIVER, _Fault.CARD, _Fault.MENDED
_L, _N, _U = _Fault.LINK, _Fault.NOBODY, _Fault.UNKNOWN

_KNOWN: tuple[tuple[int, _Fault, str], ...] = (
    (8, _U, "the GPU stopped processing: a channel waited too long"),
    (11, _P, "an invalid or corrupted stream of commands"),
    (12, _D, "the driver met an error while it handled another one"),
    (13, _P, "a graphics engine exception: mostly an access out of bounds or an illegal instruction of the program"),
    (16, _D, "the display engine hung"),
    (18, _U, "the bus interface reported an error"),
    (19, _P, "a program reported an error itself"),
    (24, _U, "the graphics engine met a semaphore that timed out"),
    (25, _P, "the graphics engine met an illegal instruction"),
    (26, _U, "the command queue of the GPU timed out"),
    (31, _P, "an MMU fault: the program used an address that is not its own"),
    (32, _U, "an invalid or corrupted push buffer stream: by the driver, the PCI bus or the program"),
    (37, _D, "the firmware of the graphics engine reported an error"),
    (38, _D, "the firmware of the graphics engine reported an error"),
    *((number, _U, "a copy engine exception") for number in (39, 40, 41, 70, 71, 72, 75, 76, 77, 85)),
    (42, _U, "the video compositor (VIC) reported an error"),
    (43, _P, "the GPU stopped processing for the program, which did something wrong; others go on"),
    (44, _U, "a fault while the graphics engine switched contexts"),
    (45, _N, "the program's channels were removed, because it ended, was killed, or met another error first"),
    (46, _C, "the GPU stopped processing"),
    (48, _C, "a double bit error in the memory, which ECC found and cannot mend"),
    (54, _C, "the auxiliary power cable is not connected"),
    (56, _D, "the display engine reported an error"),
    (57, _C, "an error in the interface of the video memory"),
    (58, _C, "an unstable interface of the video memory"),
    (59, _D, "the power management unit (PMU) reported an error"),
    (60, _D, "the security engine (SEC2) reported an error"),
    (61, _D, "the power management unit (PMU) stopped at a breakpoint"),
    (62, _C, "the power management unit (PMU) halted"),
    (63, _C, "a row of memory was marked for remapping (a page retired): reset the GPU for it to take effect"),
    (64, _C, "a row of memory could not be remapped (a page not retired)"),
    (66, _P, "the firmware of the graphics engine met an illegal access"),
    (67, _P, "the firmware of the graphics engine met an illegal access"),
    *((number, _U, "a video encoder (NVENC) reported an error") for number in (47, 65, 73)),
    *((number, _U, "a video decoder (NVDEC) reported an error") for number in (68, 83, 84, 88, 89)),
    (69, _P, "a class error of the graphics engine: a command with a wrong value"),
    (74, _L, "an NVLink error"),
    (78, _D, "a vGPU could not be started: its configuration or the host's driver do not fit"),
    (79, _C, "the GPU has fallen off the bus: the driver cannot reach it any more"),
    (80, _U, "corrupted commands reached the GPU: their checksum is wrong"),
    (81, _D, "the VGA subsystem reported an error"),
    (82, _U, "the JPEG engine (NVJPG) reported an error"),
    (86, _U, "the optical flow engine (OFA) reported an error"),
    (90, _C, "the L2 cache reported an error"),
    (92, _M, "very many single bit memory errors, each mended"),
    (93, _M, "the card's information memory (inforom) was erased too often"),
    (94, _C, "a memory error that hit one program and was contained there: restart that program"),
    (95, _C, "a memory error that could not be contained and may have hit every program"),
    (109, _U, "switching contexts took too long"),
    (110, _C, "a security fault: the machine has to be powered off and on"),
    (119, _D, "the GPU System Processor (GSP) did not answer in time"),
    (120, _D, "the GPU System Processor (GSP) reported an error"),
    (121, _M, "an error of the chip-to-chip link (C2C), mended"),
    (122, _C, "reading the card's flash memory failed"),
    (123, _C, "writing the card's flash memory failed"),
    (124, _C, "erasing the card's flash memory failed"),
    (125, _C, "the card's information memory (inforom) failed"),
    (136, _L, "training an NVLink failed"),
    (137, _L, "a memory access over NVLink met a fault"),
    (140, _C, "an ECC error that was not recovered from"),
    (143, _D, "the GPU could not be started"),
    *((number, _L, "an NVLink error of one of its units") for number in (144, 145, 146, 147, 148, 149, 150)),
    (151, _D, "a key of confidential computing could not be renewed"),
    (154, _N, "the driver tells what it takes to recover: nothing, a reset of the GPU, or a restart of the machine"),
    (155, _L, "an NVLink was taken down by software"),
    (156, _C, "a part of the GPU was taken out of use"),
    (157, _C, "a part of the GPU could not be taken out of use"),
    (158, _C, "the GPU did not answer in time, for good"),
    (160, _C, "a channel of the memory was taken out of use"),
    (161, _C, "a channel of the memory could not be taken out of use"),
    (171, _C, "an ECC error in DRAM that cannot be mended"),
    (172, _C, "an ECC error in SRAM that cannot be mended"),
)

_SPECIAL: dict[int, tuple[Cause, ...]] = {
    79: (
        Cause(
            "the card lost its connection, and the card, its power or its slot is at fault: " + "heat, cables, a riser",
            "power the machine off, not merely restart it; then seat the card and its power cables, and look at "
            "temperature and power "
            "(`nvidia-smi -q -d TEMPERATURE,POWER`)",
            "it comes under load; errors of the slot come before it: `dmesg | grep -i -e aer -e pcie`",
            check="nvidia-smi/failed",
        ),
        Cause(
            "the host put the card to sleep, or reset it while the VM used it",
            "add `pcie_aspm=off` to the host's kernel command line, and `disable_idle_d3=1` to the options of vfio-pci",
            "it comes while nothing runs, and the host's log has `D3cold` or a reset at that time",
        ),
    ),
    119: (
        Cause(
            "the driver is at fault: the GPU System Processor (GSP) did not answer in time",
            "restart the virtual machine, and install the newest driver of the branch",
            "it comes with several programs, and on other cards of this driver, too",
            "with the closed modules, `NVreg_EnableGpuFirmware=0` does without the GSP; the open modules need it",
        ),
        Cause(
            "the card is at fault",
            _FIXES[_Fault.CARD],
            "Xid 79, 48, 62 or 95 of the same card stands before it",
        ),
    ),
    154: (
        Cause(
            "nobody by itself: the driver tells what it takes to recover after another Xid",
            "do what the message says: `GPU Reset Required` is `nvidia-smi --gpu-reset -i <index>`, `Node Reboot "
            "Required` a restart of "
            "the machine, `Drain and Reset` both in turn",
            "the Xid before it is the cause",
        ),
    ),
    94: (
        Cause(
            "the card is at fault: a memory error that hit one program and was contained there",
            "start that program again; others are not concerned",
            "`pid=` in the message names it",
            "reset the GPU when it is idle, so that the row is remapped; if it comes often, have the card replaced",
        ),
    ),
    63: (
        Cause(
            "the card mended itself: a row of memory was marked for remapping",
            "reset the GPU when nothing runs (`nvidia-smi --gpu-reset -i <index>`), or restart the machine",
            "`nvidia-smi -q -d ROW_REMAPPER` says `Pending : Yes`",
            "if it comes often, or `Remapping Failure Occurred : Yes`, have the card replaced",
        ),
    ),
}


def _xid(number: int, fault: _Fault, meaning: str) -> Trouble:
    cause = Cause(
        f"{meaning}; mostly at fault: {fault.value}", _FIXES[fault], _TELLS[fault], f"the rest is in {KERNEL_LOG}"
    )
    return Trouble(
        f"xid-{number}",
        XID,
        f"Xid {number}: {meaning.partition(':')[0]}",
        (
            f"NVRM: Xid (PCI:{{addr}}): {number}, {{all}}",
            f"NVRM: Xid (PCI:{{addr}}): {number}",
            f"NVRM: Xid ({{addr}}): {number}, {{all}}",
            f"NVRM: Xid (PCI:{{addr}} GPU-I:{{number}}): {number}",
            f"Xid {number}",
            f"Xid: {number}",
            f"Xid error {number}",
            f"Xid error: {number}",
        ),
        _SPECIAL.get(number, (cause,)),
        _SOURCE,
    )


XID_TROUBLES = (
    *(_xid(*each) for each in _KNOWN),
    Trouble(
        "xid-other",
        XID,
        "NVRM: Xid of another number",
        (
            "NVRM: Xid (PCI:{addr}): {number}, {all}",
            "NVRM: Xid ({addr}): {number}, {all}",
            "NVRM: Xid (PCI:{addr} {rest}): {number}",
        ),
        (
            Cause(
                "an error that the driver numbers and this table does not know",
                "look the number up in NVIDIA's list (docs.nvidia.com/deploy/xid-errors), and read the lines around it",
                "the words behind the number say what; `pid=` and `name=` say for which program",
            ),
        ),
        _SOURCE,
        general=True,
    ),
    Trouble(
        "sxid",
        XID,
        "SXid: an error of an NVSwitch",
        (
            "nvidia-nvswitch{number}: SXid (PCI:{addr}): {number}, {all}",
            "SXid (PCI:{addr}): {number}",
            "SXid {number}",
        ),
        (
            Cause(
                "an NVSwitch reports an error; `Non-fatal` ones are told for the record, `Fatal` ones stop the fabric",
                "restart what ran; for a fatal one, stop every GPU program, reset all GPUs and switches (`nvidia-smi "
                "--gpu-reset`) or "
                "restart the machine, then `systemctl restart nvidia-fabricmanager`",
                "the message says Fatal or Non-fatal, and names the link",
                "if it is always the same link, have the board looked at",
            ),
        ),
        "NVIDIA, Fabric Manager User Guide, appendix on SXids",
    ),
)
