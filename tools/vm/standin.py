"""Images that stand in for those of the appliances, as ``docker load`` reads them."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

from tools.vm.folders import GUEST

FLOWER_USER = "49999:49999"
"""Flower's images run as this user."""


def standin_images(target: Path, busybox: bytes, images: dict[str, tuple[str, list[str]]]) -> None:
    """Write an archive of images for ``docker load``.

    Args:
        target: The file.
        busybox: A static busybox.
        images: For each tag the user that it runs as, and its entry point's words behind the program.
    """
    layer = _layer(busybox)
    files = {"layer.tar": layer}
    manifest = []
    for tag, (user, words) in images.items():
        config = json.dumps(_config(layer, user, words)).encode()
        name = f"{hashlib.sha256(config).hexdigest()}.json"
        files[name] = config
        manifest.append({"Config": name, "RepoTags": [tag], "Layers": ["layer.tar"]})
    files["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(target, "w") as archive:
        for name, data in files.items():
            _add(archive, name, data, 0o644)


def _layer(busybox: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        folder = tarfile.TarInfo("bin")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755
        archive.addfile(folder)
        _add(archive, "bin/busybox", busybox, 0o755)
        _add(archive, "bin/stand-in", (GUEST / "stand-in").read_bytes(), 0o755)
        for name in ("sh", "nc", "sleep", "cat", "echo", "ls", "env", "id"):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
    return stream.getvalue()


def _add(archive: tarfile.TarFile, name: str, data: bytes, mode: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), mode
    archive.addfile(member, io.BytesIO(data))


def _config(layer: bytes, user: str, words: list[str]) -> dict[str, Any]:
    return {
        "architecture": "amd64",
        "os": "linux",
        "config": {"User": user, "Env": ["PATH=/bin"], "Entrypoint": ["/bin/stand-in", *words]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
    }
