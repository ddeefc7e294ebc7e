"""A file system whose files can be seen and never read: a disk, or a server, that died after its inodes were cached.

``python dead_disk.py FOLDER NAME...`` mounts it and speaks the kernel's FUSE protocol itself, so that nothing has to be
installed: root and /dev/fuse are enough. It prints ``ready``; when it is killed, whoever hangs on it gets an error.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import stat
import struct
import sys

LOOKUP, FORGET, GETATTR, OPEN, READ, RELEASE, INIT, OPENDIR, READDIR, RELEASEDIR = 1, 2, 3, 14, 15, 18, 26, 27, 28, 29
HEADER = struct.Struct("<IIQQIIII")
ANSWER = struct.Struct("<IiQ")
SIZE = 1 << 20
FOREVER = 1 << 30


def attributes(node: int) -> bytes:
    """A ``fuse_attr``: the folder is node 1, all others are programs."""
    mode, size = (stat.S_IFDIR | 0o755, 0) if node == 1 else (stat.S_IFREG | 0o755, SIZE)
    return struct.pack("<QQQQQQIIIIIIIIII", node, size, size // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


def answered(operation: int, node: int, body: bytes, names: list[str]) -> tuple[int, bytes] | None:  # noqa: PLR0911 - one for each request
    """Return the error and the body of an answer; None where there never is one."""
    if operation == INIT:
        # Protocol 7.31, no capabilities, room for writes of 128 KiB.
        return 0, struct.pack("<IIIIHHIIHHI", 7, 31, 1 << 17, 0, 12, 9, 1 << 17, 1, 32, 0, 0) + bytes(24)
    if operation == LOOKUP:
        name = body.rstrip(b"\0").decode()
        if name not in names:
            return errno.ENOENT, b""
        found = names.index(name) + 2
        return 0, struct.pack("<QQQQII", found, 0, FOREVER, FOREVER, 0, 0) + attributes(found)
    if operation == GETATTR:
        return 0, struct.pack("<QII", FOREVER, 0, 0) + attributes(node)
    if operation in {OPEN, OPENDIR}:
        return 0, struct.pack("<QII", node, 0, 0)
    if operation == READDIR:
        return 0, b""
    if operation in {RELEASE, RELEASEDIR}:
        return 0, b""
    if operation in {READ, FORGET, 36, 42}:  # no read is ever answered; forgetting and interrupting never are anyway
        return None
    return errno.ENOSYS, b""


def main(folder: str, names: list[str]) -> None:
    """Mount and serve until killed."""
    device = os.open("/dev/fuse", os.O_RDWR)
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    if libc.mount(b"deaddisk", folder.encode(), b"fuse.deaddisk", 0, options) != 0:
        sys.exit(f"mount: {os.strerror(ctypes.get_errno())}")
    print("ready", flush=True)  # noqa: T201 - whoever mounts waits for it
    while True:
        try:
            request = os.read(device, 1 << 20)
        except OSError as error:
            if error.errno in {errno.EINTR, errno.EAGAIN, errno.ENOENT}:
                continue
            return  # it was unmounted
        _, operation, unique, node, *_ = HEADER.unpack_from(request)
        answer = answered(operation, node, request[HEADER.size :], names)
        if answer is not None:
            with contextlib.suppress(FileNotFoundError):  # whoever asked was killed meanwhile
                os.write(device, ANSWER.pack(ANSWER.size + len(answer[1]), -answer[0], unique) + answer[1])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
