"""The supervisor's socket: who may speak, what may be asked, and when there is nobody left to serve."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import struct
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from escher.errors import EscherError, InvalidInput, ProtocolError, ResourceBusy
from escher.execution.supervisor.keeping import Keeper
from escher.execution.supervisor.place import surroundings
from escher.execution.supervisor.speaking import LARGEST, body, line

IDLE_S = 15.0
FIRST_LINE_S = 5.0
MOST_CONNECTIONS = 100
_XUCRED = struct.Struct("=IIh16I")

Answer = dict[str, Any]


class Service:
    """Answers the requests of whoever has the store's key."""

    def __init__(self, keeper: Keeper, key: bytes) -> None:
        self._keeper, self._key, self._surroundings = keeper, key, surroundings(os.environ)
        self._open = 0
        self._idle_since = time.monotonic()
        self.asked_to_end = asyncio.Event()
        self._asks: Mapping[str, Callable[[Answer], Awaitable[Answer]]] = {
            "hello": self._hello, "prepare": self._prepare, "start": self._start, "cancel": self._cancel,
            "cancel_all": self._cancel_all, "pause": self._pause, "resume": self._resume, "list": self._list, "end": self._end,
        }  # fmt: skip

    async def listen(self, folder: Path) -> asyncio.Server:
        """Begin to listen on a socket of this folder that only its owner may use."""
        path = folder / "s"
        server = await asyncio.start_unix_server(self._serve, path=str(path), limit=LARGEST)
        path.chmod(0o600)
        return server

    @property
    def idle_s(self) -> float:
        """For how long nobody has been connected and nothing has run; 0 while there is somebody or something."""
        if self._open or self._keeper.running:
            self._idle_since = time.monotonic()
        return time.monotonic() - self._idle_since

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection. Whoever says a wrong word is not answered, and hears nothing more."""
        self._open += 1
        try:
            if peer_uid(writer.get_extra_info("socket")) == os.getuid() and self._open <= MOST_CONNECTIONS:
                await self._converse(reader, writer)
        except (ProtocolError, OSError, ValueError, TimeoutError, asyncio.IncompleteReadError):
            pass  # nothing was started, and who it was is not to be told why
        finally:
            self._open -= 1
            self._idle_since = time.monotonic()
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        challenge = secrets.token_hex(32)
        writer.write(challenge.encode() + b"\n")
        number = 0
        while True:
            # Who proves nothing may not stay; who has proved the key keeps the supervisor warm.
            received = await asyncio.wait_for(reader.readline(), FIRST_LINE_S if number == 0 else None)
            if not received:
                return
            number += 1
            asked = body(self._key, challenge, "ask", number, received)
            writer.write(line(self._key, challenge, "answer", number, await self._answer(asked)))
            await writer.drain()

    async def _answer(self, asked: Answer) -> Answer:
        ask = self._asks.get(str(asked.get("op")))
        try:
            if ask is None:
                raise InvalidInput("the supervisor knows no such request.", hint="Update Escher in this environment.")
            return {"ok": await ask(asked)}
        except EscherError as failure:
            return {"error": failure.document()}

    async def _hello(self, asked: Answer) -> Answer:
        return {"pid": os.getpid(), "surroundings": self._surroundings}

    async def _prepare(self, asked: Answer) -> Answer:
        await self._keeper.prepare(_text(asked, "plan_id"))
        return {}

    async def _start(self, asked: Answer) -> Answer:
        return {"run_id": await self._keeper.start(_text(asked, "plan_id"))}

    async def _cancel(self, asked: Answer) -> Answer:
        return {"found": self._keeper.cancel(_text(asked, "run_id"), "user")}

    async def _cancel_all(self, asked: Answer) -> Answer:
        return {"runs": self._keeper.cancel_all("user")}

    async def _pause(self, asked: Answer) -> Answer:
        return {"found": self._keeper.pause(_text(asked, "run_id"))}

    async def _resume(self, asked: Answer) -> Answer:
        return {"found": self._keeper.resume(_text(asked, "run_id"))}

    async def _list(self, asked: Answer) -> Answer:
        return {"runs": self._keeper.listed()}

    async def _end(self, asked: Answer) -> Answer:
        """End; but not while anything runs."""
        if self._keeper.running:
            raise ResourceBusy(
                f"{self._keeper.running} runs are under way.", hint="Stop them: escher runs cancel --all"
            )
        self.asked_to_end.set()
        return {}


def peer_uid(connection: socket.socket) -> int:
    """The user at the other end, as the kernel tells."""
    if sys.platform == "darwin":
        # struct xucred of <sys/ucred.h>: version, uid, number of groups, groups; LOCAL_PEERCRED of SOL_LOCAL (0).
        return _XUCRED.unpack(connection.getsockopt(0, 1, _XUCRED.size))[1]
    return struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1]


def _text(asked: Answer, name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise InvalidInput(f"a request to the supervisor needs a {name}.")
    return value
