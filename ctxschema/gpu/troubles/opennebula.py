"""What OpenNebula's scheduler, front-end and probe say of cards. Source: docs/facts/opennebula.md, section 7."""

from __future__ import annotations

from ctxschema.gpu.troubles.programs import HOST_CHECKS, ONE_DRIVER, OPENNEBULA
from ctxschema.gpu.troubles.words import IN_VM, no_gpu
from ctxschema.model.trouble import Cause, Trouble

_FILTER = "/var/lib/one/remotes/etc/im/kvm-probes.d/pci.conf"
_WRITE_FILTER = f"on the front-end write `:filter: '10de:*'` into {_FILTER} and run `onehost sync -f`"

OPENNEBULA_TROUBLES = (
    Trouble(
        "one-no-pci",
        OPENNEBULA,
        "Unavailable PCI device",
        (
            "Unavailable PCI device",
            "Not enough PCI devices{rest}",
            "No available PCI device{rest}",
            "no available PCI{rest}",
            "Cannot find PCI device{rest}",
            "No device with requested vendor{rest}",
            "PCI device not available{rest}",
            "PCI devices not available{rest}",
        ),
        (
            Cause(
                "every card of that kind is taken by another machine, on every host that is left",
                "stop a machine that has one, or add a card; `onehost show <host>` lists each with its VM",
                "`onehost show` lists cards of that vendor, device and class, each with a VM",
            ),
            Cause(
                "OpenNebula does not know the card: its PCI filter does not let it through",
                _WRITE_FILTER,
                "`onehost show` lists no NVIDIA card under PCI DEVICES",
                "PCI_FILTER and PCI_SHORT_ADDRESS of the host or its cluster narrow that further; then `onehost "
                "forceupdate <host>`",
                "opennebula-pci/refused",
            ),
            Cause(
                "PCI_FILTER of the host or its cluster narrows what pci.conf lets through",
                tell="the host or its cluster has PCI_FILTER (`onehost show`, `onecluster show`), and "
                "pci.conf lets the card through",
                check="opennebula-host/narrowed",
            ),
            Cause(
                "the template asks for what no host has",
                "compare its VENDOR, DEVICE and CLASS (hex, without 0x) with `onehost show`: `PCI = [ VENDOR = "
                '"10de", CLASS = "0302" ]`',
                "the numbers differ from those of the list, or SHORT_ADDRESS is that of another host",
                "VENDOR alone may take the audio function of a card",
            ),
        ),
        "OpenNebula, include/HostShare.h, src/scheduler/src/pool/HostShareXML.cc, src/host/HostSharePCI.cc",
    ),
    Trouble(
        "one-no-host",
        OPENNEBULA,
        "No host with enough capacity to deploy the VM",
        (
            "No host with enough capacity to deploy the VM",
            "Cannot dispatch VM: No host with enough capacity to deploy the VM",
            "No host meets capacity and SCHED_REQUIREMENTS: {rest}",
            "Cannot dispatch VM: {rest}",
            "Not enough capacity in Host or System DS, PCI device{rest}",
            "Cannot allocate NUMA topology",
            "No hosts enabled to run VMs",
            "Cannot dispatch VM to any Host. Possible reasons: {rest}",
            "Cannot dispatch VM to any Datastore{rest}",
        ),
        (
            Cause(
                "no host has all that the machine asks for at once: memory, CPU, NUMA and the card, which counts as "
                "capacity",
                "read why each host was passed over (`grep 'VM <id>' /var/log/one/sched.log` with debug level 4), "
                "then ask for less or free it",
                "the log says `Unavailable PCI device`, `Not enough memory`, `Not enough CPU` or `Cannot allocate "
                "NUMA topology` for each",
            ),
            Cause(
                "SCHED_REQUIREMENTS or the cluster leaves the hosts with cards out",
                "see that the card's host is in the cluster of the VM's network and datastore",
                "`onevm show <id>` under AUTOMATIC_REQUIREMENTS",
            ),
        ),
        "OpenNebula, src/scheduler/src/sched/Scheduler.cc",
        asked=("stuck in PENDING", "stays in PENDING", "stays PENDING", "remains in PENDING", "VM is PENDING"),
    ),
    Trouble(
        "one-restricted",
        OPENNEBULA,
        "Template includes a restricted attribute PCI",
        (
            "VM Template includes a restricted attribute PCI{rest}",
            "Template includes a restricted attribute PCI{rest}",
            "includes a restricted attribute PCI{rest}",
            "includes a restricted attribute RAW{rest}",
            "includes a restricted attribute TOPOLOGY{rest}",
            "includes a restricted attribute {name}",
            "Restricted attribute PCI{rest}",
        ),
        (
            Cause(
                "only oneadmin's group may write PCI, RAW and the pinning of TOPOLOGY into a template",
                "let oneadmin make the template with them, and give users the right to use it (`onetemplate chmod "
                "<id> 640`)",
                "the user is not in the group oneadmin, and adds or changes that attribute",
            ),
        ),
        "OpenNebula, src/rm; OpenNebula, PCI Passthrough",
    ),
    Trouble(
        "one-not-listed",
        HOST_CHECKS,
        "The GPU is bound on the host, and OpenNebula does not list it",
        (),
        (Cause("OpenNebula's PCI filter does not let vendor 10de through", check="opennebula-pci/refused"),),
        "OpenNebula, pci.rb",
    ),
    Trouble(
        "one-some-listed",
        HOST_CHECKS,
        "OpenNebula lists some of the GPUs only",
        (),
        (Cause("`:short_address:` in pci.conf leaves the others out", check="opennebula-pci/not-listed"),),
        "OpenNebula, pci.rb",
    ),
    Trouble(
        "one-no-filter",
        HOST_CHECKS,
        "pci.conf has a filter, and OpenNebula lists no card",
        (),
        (Cause("the key is written `filter:` and not `:filter:`", check="opennebula-pci/no-filter"),),
        "OpenNebula, pci.rb",
    ),
    Trouble(
        "one-invalid-filter",
        ONE_DRIVER,
        "OpenNebula's probe says: Invalid configuration",
        (
            "Invalid configuration {path}pci.conf",
            "Invalid configuration {path}",
            "{path}pci.conf): did not find expected {rest}",
            "undefined method `split' for {rest}",
            "undefined method 'split' for {rest}",
            "Error executing pci.rb{rest}",
            "lspci: -d: {rest}",
        ),
        (
            Cause(
                "pci.conf is no valid YAML, or a filter without quotes is read as a number",
                check="opennebula-pci/invalid",
            ),
        ),
        "OpenNebula, src/im_mad/remotes/node-probes.d/pci.rb; measured",
    ),
    Trouble(
        "one-not-synced",
        HOST_CHECKS,
        "pci.conf was changed on the front-end, and nothing happens",
        (),
        (Cause("the copy on the host is the old one", check="opennebula-pci/not-synced"),),
        "OpenNebula, onehost(1)",
    ),
    Trouble(
        "one-no-vm-gpu",
        HOST_CHECKS,
        "lspci names no NVIDIA GPU in the VM",
        (
            "the NVIDIA kernel driver is not loaded, and no NVIDIA GPU is on the PCI bus",
            "no NVIDIA GPU is on the PCI bus",
        ),
        (
            Cause(
                "the VM template asks for none",
                'add `PCI = [ VENDOR = "10de", CLASS = "0302" ]` to the VM template, and run `validate-host-gpu.sh` '
                "on the KVM host",
                "`onevm show <id>` has no PCI",
                check="vm-gpus/none",
            ),
            Cause(
                "it asks for VENDOR alone, and got the audio function of a card",
                'add `CLASS = "0302"` (or 0300) or DEVICE to the PCI entry',
                "`lspci -d 10de:` in the VM lists an audio device",
            ),
        ),
        "OpenNebula, src/host/HostSharePCI.cc",
        asked=(*no_gpu(IN_VM), "VM has no GPU", "virtual machine has no GPU", "VM without GPU"),
    ),
)
