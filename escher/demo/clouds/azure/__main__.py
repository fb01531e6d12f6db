"""`python -m escher.demo.clouds.azure FOLDER`: seed, serve until SIGTERM, and say in FOLDER/azure.json where.

It listens on this machine only, on a port that is free.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from types import FrameType

import uvicorn

from escher.demo.clouds.azure.app import azure_app
from escher.demo.clouds.azure.certificate import write_certificate
from escher.demo.clouds.azure.cloud import Cloud
from escher.demo.clouds.azure.seed import seed


class _Server(uvicorn.Server):
    """Announces itself once it accepts connections."""

    def __init__(self, config: uvicorn.Config, announcement: Path, state: dict[str, object]) -> None:
        super().__init__(config)
        self._announcement, self._state = announcement, state

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        draft = self._announcement.with_suffix(".new")
        draft.write_text(json.dumps(self._state), "utf-8")
        draft.replace(self._announcement)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Leave at once: open connections of pooled clients would hold an orderly end up."""
        self._announcement.unlink(missing_ok=True)
        os._exit(0)


def main(root: str) -> None:
    """Serve until SIGTERM or SIGINT, and leave at once then."""
    folder = Path(root)
    folder.mkdir(parents=True, exist_ok=True)
    certificate, key = write_certificate(folder)
    cloud = Cloud()
    seed(cloud.state)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    announcement = folder / "azure.json"
    endpoint = f"https://127.0.0.1:{listening.getsockname()[1]}"
    state: dict[str, object] = {"pid": os.getpid(), "endpoint": endpoint, "certificate": str(certificate)}
    config = uvicorn.Config(
        azure_app(cloud),
        ssl_certfile=certificate,
        ssl_keyfile=key,
        log_level="error",
        access_log=False,
        lifespan="off",
        timeout_keep_alive=30,
    )
    _Server(config, announcement, state).run(sockets=[listening])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print("usage: python -m escher.demo.clouds.azure FOLDER", file=sys.stderr)
        sys.exit(2)
    main(sys.argv[1])
