#!/bin/sh
# Makes the disk of a machine from a tree of Debian's packages. Run as root, for files keep their owners.
#
#   make-disk.sh ROOTFS.tar IMAGES.tar FOLDER
#
# Writes FOLDER/disk.raw, FOLDER/vmlinuz and FOLDER/initrd.
set -eu
rootfs=$1 images=$2 folder=$3
here=$(dirname "$0")/guest
folder=$(realpath "$folder")
tree=$(mktemp -d "$folder/tree.XXXXXX")
trap 'rm -rf "$tree"' EXIT
tar xpf "$rootfs" -C "$tree"

mkdir -p "$tree/usr/share/vm"
cp "$images" "$tree/usr/share/vm/images.tar"
install -m 0755 "$here/contextualize" "$here/vm-channel" "$tree/usr/local/sbin"
install -m 0644 "$here"/*.service "$tree/etc/systemd/system"
echo vm > "$tree/etc/hostname"
echo '127.0.0.1 localhost vm' > "$tree/etc/hosts"
echo 'uninitialized' > "$tree/etc/machine-id"
printf '[Journal]\nStorage=volatile\n' > "$tree/etc/systemd/journald.conf"
# Kubernetes' interface of containerd is of no use to Docker and takes seconds of an emulated processor.
cat > "$tree/etc/containerd/config.toml" <<EOF
version = 2
disabled_plugins = [
    "io.containerd.grpc.v1.cri",
    "io.containerd.internal.v1.opt",
    "io.containerd.internal.v1.tracing",
    "io.containerd.snapshotter.v1.aufs",
    "io.containerd.snapshotter.v1.btrfs",
    "io.containerd.snapshotter.v1.devmapper",
    "io.containerd.snapshotter.v1.zfs",
    "io.containerd.tracing.processor.v1.otlp",
]
EOF
# Only what the machine has: a disk, a network, its ports.
mkdir -p "$tree/etc/systemd/system/systemd-udev-trigger.service.d"
cat > "$tree/etc/systemd/system/systemd-udev-trigger.service.d/devices.conf" <<EOF
[Service]
ExecStart=
ExecStart=-udevadm trigger --type=devices --action=add --subsystem-match=virtio --subsystem-match=virtio-ports --subsystem-match=block --subsystem-match=net
EOF
# Docker publishes ports by its proxy alone: dozens of calls of iptables take an emulated processor ten seconds.
echo 'DOCKER_OPTS="--iptables=false --ip6tables=false"' > "$tree/etc/default/docker"
# A boot is over before Go's memory needs collecting.
for unit in docker containerd; do
    mkdir -p "$tree/etc/systemd/system/$unit.service.d"
    printf '[Service]\nEnvironment=GOGC=off\n' > "$tree/etc/systemd/system/$unit.service.d/memory.conf"
done

wants=$tree/etc/systemd/system/multi-user.target.wants
for unit in "$here"/*.service; do ln -sf "/etc/systemd/system/${unit##*/}" "$wants/${unit##*/}"; done
# What no appliance needs and every boot would pay for. OpenNebula's contextualization sets the network up by itself.
while read -r unit; do
    ln -sf /dev/null "$tree/etc/systemd/system/$unit"
done <<EOF
apt-daily.timer
apt-daily-upgrade.timer
dev-hugepages.mount
dev-mqueue.mount
dpkg-db-backup.timer
e2scrub_all.timer
e2scrub_reap.service
fstrim.timer
getty-static.service
getty@tty1.service
modprobe@configfs.service
modprobe@dm_mod.service
modprobe@drm.service
modprobe@efi_pstore.service
modprobe@fuse.service
modprobe@loop.service
proc-sys-fs-binfmt_misc.automount
serial-getty@ttyS0.service
sys-fs-fuse-connections.mount
sys-kernel-config.mount
sys-kernel-debug.mount
sys-kernel-tracing.mount
systemd-ask-password-console.path
systemd-ask-password-wall.path
systemd-binfmt.service
systemd-journal-flush.service
systemd-logind.service
systemd-network-generator.service
systemd-networkd.service
systemd-networkd.socket
systemd-networkd-wait-online.service
systemd-pcrphase.service
systemd-pcrphase-sysinit.service
systemd-pstore.service
systemd-remount-fs.service
systemd-repart.service
systemd-sysusers.service
systemd-update-utmp.service
systemd-update-utmp-runlevel.service
EOF
ln -sf /lib/systemd/system/multi-user.target "$tree/etc/systemd/system/default.target"

kernel=$(basename "$tree"/lib/modules/*)
cp "$tree"/boot/vmlinuz-* "$folder/vmlinuz"
chmod 0644 "$folder/vmlinuz"
start=$tree/start
mkdir -p "$start/bin" "$start/lib" "$start/dev" "$start/proc" "$start/root"
cp "$tree/bin/busybox" "$start/bin"
ln -s busybox "$start/bin/sh"
install -m 0755 "$here/init" "$start/init"
modules=$(sed -n 's/^insmod [^ ]*kernel\///p' <<EOF
$(chroot "$tree" modprobe -S "$kernel" --show-depends -a virtio_pci virtio_blk)
EOF
)
for module in $modules; do
    [ -e "$start/lib/${module##*/}" ] || { cp "$tree/lib/modules/$kernel/kernel/$module" "$start/lib"; echo "${module##*/}"; }
done > "$start/modules"
(cd "$start" && find . | "$tree/bin/busybox" cpio -o -H newc 2> /dev/null) > "$folder/initrd"
rm -rf "$start"

truncate -s 3G "$folder/disk.raw"
mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 -d "$tree" "$folder/disk.raw"
