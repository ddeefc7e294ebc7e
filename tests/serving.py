"""Servers of tests: served in a thread, and stopped without hanging."""

import contextlib
import threading
from collections.abc import Iterator
from socketserver import BaseServer

LONGEST = 5.0
"""Seconds that a server gets to stop; after that it is left to end with the process."""


@contextlib.contextmanager
def serving(server: BaseServer) -> Iterator[threading.Thread]:
    """Serve until the end of the block, and close.

    ``shutdown`` waits without limit for a loop that never ran or has died, so it is asked for in a thread of its own.
    """
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        if thread.is_alive():
            stopping = threading.Thread(target=server.shutdown, daemon=True)
            stopping.start()
            stopping.join(LONGEST)
            thread.join(LONGEST)
        server.server_close()
