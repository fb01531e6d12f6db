"""The process that is the demo's AWS: `python -m escher.demo.clouds.aws FOLDER` seeds moto, then serves it until told to stop.

It listens on this machine only, on a port that is free, and says where in the folder.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

from moto.moto_api._internal import mock_random

from escher.demo.clouds.aws.front import Front
from escher.demo.clouds.aws.organization import make_organization
from escher.demo.clouds.aws.seed.estate import build
from escher.demo.clouds.aws.seed.makings import make_all
from escher.demo.clouds.aws.server import serve
from escher.demo.clouds.aws.steady import keep_creation_times, keep_services
from escher.demo.folder import CloudState, demo_folder

_SEED = 20240229
_PATIENCE = 100_000


def main(root: str) -> None:
    """Serve until SIGTERM or SIGINT. The starter took the folder's locks; this process inherited and keeps them."""
    files = demo_folder(Path(root)).cloud("aws")
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    front = _seeded()
    files.announce(CloudState(pid=os.getpid(), endpoint=serve(front)))
    signal.sigwait(stop)
    files.state_file.unlink(missing_ok=True)
    os._exit(0)  # taking moto's objects apart one by one would take over a second


def _seeded() -> Front:
    """AWS with the estate in it: the same at every start, ids too, as moto draws them from a known seed.

    Hardly anything of it is ever garbage; looking for some at the usual pace would take a third of the time.
    """
    gc.set_threshold(_PATIENCE)
    mock_random.seed(_SEED)
    keep_creation_times()
    keep_services()
    front = Front()
    build(front.clients)
    make_organization()
    make_all(front.clients)
    gc.collect()
    gc.freeze()
    return front


if __name__ == "__main__":
    main(sys.argv[1])
