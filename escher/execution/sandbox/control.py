"""The line between Escher and the keeper of a step: the listening socket comes in, files go out, then the end."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

SOCKET = "s"
"""The socket's name in its folder: short, because the whole path may have 107 bytes."""


class Control:
    """One keeper's line. It is good for the first process that connects, which must be of this user."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SOCKET
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(self._path))
        self._listening.listen(1)
        self._listening.setblocking(False)
        self._line: socket.socket | None = None

    async def meet(self) -> socket.socket | None:
        """Wait for the keeper; the socket that it listens on in its own network, if it has one."""
        loop = asyncio.get_running_loop()
        line, _ = await loop.sock_accept(self._listening)
        self._line = line
        self._path.unlink(missing_ok=True)
        self._listening.close()
        line.setblocking(False)
        await _readable(line)
        _, descriptors, _, _ = socket.recv_fds(line, 1, 1)
        if not descriptors:
            return None
        listener = socket.socket(fileno=descriptors[0])
        listener.setblocking(False)
        return listener

    async def send_files(self, files: Mapping[str, str]) -> None:
        """Give the keeper what to write; it starts the program then."""
        assert self._line is not None
        parts = [struct.pack("!I", len(files))]
        for path, content in files.items():
            parts += [part for text in (path, content) for part in _framed(text.encode())]
        await asyncio.get_running_loop().sock_sendall(self._line, b"".join(parts))

    def stop(self) -> bool:
        """Ask the keeper to end everything: TERM now, KILL within five seconds. False when there is no keeper."""
        if self._line is None:
            return False
        try:
            self._line.send(b"T")
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Hang up; a keeper that is still there kills everything at once."""
        self._listening.close()
        if self._line is not None:
            self._line.close()


def _framed(content: bytes) -> tuple[bytes, bytes]:
    return struct.pack("!I", len(content)), content


async def _readable(line: socket.socket) -> None:
    """Wait until there is something to read, without reading it: what comes with it would be lost."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(line.fileno(), lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(line.fileno())


def keeper_file() -> str:
    """The keeper's program."""
    return str(Path(__file__).with_name("keeper.py"))
