"""Serve a folder to this machine alone, at port 8000 or where that is taken at any that is free: serve.py FOLDER."""

from __future__ import annotations

import contextlib
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"


def server(folder: str, port: int) -> ThreadingHTTPServer:
    """Return a server of a folder."""
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    try:
        return ThreadingHTTPServer((HOST, port), handler)
    except OSError:
        return ThreadingHTTPServer((HOST, 0), handler)


if __name__ == "__main__":
    with server(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8000) as serving:
        print(f"The documentation is at http://{HOST}:{serving.server_address[1]} (Ctrl-C ends it)", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            serving.serve_forever()
