"""`escher server` as a process of its own, for what only that shows."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx
import psutil

KEY = "a-key-of-this-test"


@dataclass
class Server:
    """A server that answers, and what it wrote when it has ended."""

    process: subprocess.Popen[str]
    url: str
    log: IO[str]
    written: str = field(default="", init=False)

    def so_far(self) -> str:
        """What it has written until now."""
        return os.pread(self.log.fileno(), 1024 * 1024, 0).decode()


@contextmanager
def serving(home: Path, *options: str, before: tuple[str, ...] = (), **environment: str) -> Generator[Server]:
    """Start it with these options, wait until it answers, and end it with SIGTERM."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tls = "--certfile" in options
    command = [*before, sys.executable, "-m", "escher.cli", "server", "--port", str(port), *options]
    variables = {**os.environ, "ESCHER_SERVER_HOME": str(home), "ESCHER_API_KEY": KEY, **environment}
    with tempfile.TemporaryFile("w+") as log:  # a pipe that nobody reads would stop it
        process = subprocess.Popen(command, env=variables, stderr=log, stdout=log, text=True)
        server = Server(process, f"{'https' if tls else 'http'}://127.0.0.1:{port}", log)
        try:
            _wait(server)
            yield server
        finally:
            _end(process, supervised=bool(before))
            log.seek(0)
            server.written = log.read()


def _end(process: subprocess.Popen[str], *, supervised: bool) -> None:
    """With SIGTERM. What runs the server, such as strace, ends when it ends."""
    served = psutil.Process(process.pid).children() if supervised else [process]
    for each in served:
        each.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        for each in served:
            each.kill()
        raise


@contextmanager
def asking(server: Server) -> Generator[httpx.Client]:
    """A client with the key."""
    with httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {KEY}"}, timeout=30) as client:
        yield client


def _wait(server: Server) -> None:
    """Until it answers. Raises RuntimeError when it ended instead."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise RuntimeError("the server ended instead of answering")
        try:
            if httpx.get(f"{server.url}/v1/health", verify=False, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer within a minute")
