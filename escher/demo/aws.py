"""The process that is the demo's AWS: `python -m escher.demo.aws FOLDER` seeds moto, then serves it until told to stop.

It listens on this machine only, on a port that is free, and says where in the folder's state file.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

from moto.server import ThreadedMotoServer

from escher.demo.folder import CloudState, DemoFolder
from escher.demo.seed import seed


def main(root: str) -> None:
    """Serve until SIGTERM or SIGINT. The starter took the folder's lock; this process inherited it and keeps it."""
    folder = DemoFolder(Path(root))
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    seed()
    host, port = _serve().get_host_and_port()
    folder.announce(CloudState(pid=os.getpid(), endpoint=f"http://{host}:{port}"))
    signal.sigwait(stop)
    folder.state_file.unlink(missing_ok=True)
    os._exit(0)  # taking moto's objects apart one by one would take over a second


def _serve() -> ThreadedMotoServer:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    return server


if __name__ == "__main__":
    main(sys.argv[1])
