"""The appliances that are booted: two of Flower's, Ollama, and the one that the guide declares."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from attrs import frozen

from tools.vm.folders import BUILD, ROOT
from tools.vm.standin import FLOWER_USER

GUIDE = ROOT / "docs" / "guides" / "appliance.md"


@frozen
class Role:
    """An appliance, and what the machine has of it.

    Args:
        name: Its name, and that of its container.
        image: The image that its container is started from.
        user: The user that the image runs as.
        words: What the stand-in for its program is started with.
    """

    name: str
    image: str
    user: str = ""
    words: tuple[str, ...] = ()

    def source(self) -> list[str]:
        """Return how the command line is told which appliance it is."""
        if self is not WORDPRESS:
            return [self.name]
        found = re.search(r'```yaml title="wordpress.yaml"\n(.*?)```', GUIDE.read_text(encoding="utf-8"), re.DOTALL)
        if found is None:
            sys.exit(f"{GUIDE} has no wordpress.yaml any more")
        BUILD.mkdir(parents=True, exist_ok=True)
        path = BUILD / "wordpress.yaml"
        path.write_text(found[1], encoding="utf-8")
        return ["--from", str(path)]

    def generated(self) -> tuple[bytes, bytes]:
        """Return the agent and its unit, as `ctxschema generate` writes them."""
        folder = BUILD / "generated" / self.name
        folder.mkdir(parents=True, exist_ok=True)
        made = []
        for output in ("agent", "unit"):
            target = folder / output
            command = [sys.executable, "-m", "ctxschema", "generate", output, *self.source(), "-o", str(target)]
            subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
            made.append(Path(target).read_bytes())
        return made[0], made[1]


SUPERLINK = Role("flower-superlink", "flwr/superlink:1.25.0", FLOWER_USER, ("superlink",))
SUPERNODE = Role("flower-supernode", "flwr/supernode:1.25.0", FLOWER_USER)
OLLAMA = Role("ollama", "ollama/ollama:latest")
WORDPRESS = Role("wordpress", "wordpress:6-apache")
ROLES = (SUPERLINK, SUPERNODE, OLLAMA, WORDPRESS)
