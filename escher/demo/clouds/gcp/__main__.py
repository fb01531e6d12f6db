"""`python -m escher.demo.clouds.gcp FOLDER`: serve, and tell in FOLDER/gcp.json where."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

import uvicorn

from escher.demo.clouds.gcp.access import Access
from escher.demo.clouds.gcp.app import make_app
from escher.demo.clouds.gcp.call import Cloud
from escher.demo.clouds.gcp.operations import Operations
from escher.demo.clouds.gcp.seed import seeded
from escher.demo.clouds.gcp.seed.company import SHOP
from escher.demo.clouds.gcp.seed.security import DEMO_ACCOUNT, email_of


class _Server(uvicorn.Server):
    """A server that tells where it is as soon as it answers."""

    def __init__(self, config: uvicorn.Config, folder: Path, state: dict[str, object]) -> None:
        super().__init__(config)
        self._folder, self._state = folder, state

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        write_atomically(self._folder / "gcp.json", json.dumps(self._state))


def write_atomically(path: Path, text: str) -> None:
    """Write a file that only its owner reads; nobody sees half of it."""
    unfinished = path.with_suffix(".part")
    unfinished.touch(0o600)
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)


def make_cloud() -> Cloud:
    """The seeded cloud and the service account that works in it."""
    state = seeded()
    access = Access(email_of(DEMO_ACCOUNT, SHOP), SHOP.project_id)
    return Cloud(state, access, Operations(state, access.email))


def main(folder: Path) -> None:
    """Serve until SIGTERM."""
    cloud, listening = make_cloud(), socket.socket()
    listening.bind(("127.0.0.1", 0))
    endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
    key, token = folder / "gcp-key.json", folder / "gcp-token"
    cloud.access.write_key(key, endpoint)
    write_atomically(token, cloud.access.token())
    state: dict[str, object] = {
        "pid": os.getpid(),
        "endpoint": endpoint,
        "credentials": str(key),
        "token_file": str(token),
        "projects": list(cloud.state.projects),
    }
    config = uvicorn.Config(make_app(cloud), log_level="warning", access_log=False, lifespan="off", server_header=False)
    _Server(config, folder, state).run([listening])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
