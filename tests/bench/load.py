"""A small HTTP load: keep-alive connections that each send the next request when the last one is answered."""

from __future__ import annotations

import asyncio
from time import perf_counter


def request(path: str, key: str, body: bytes) -> bytes:
    """One POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"authorization: Bearer {key}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Asking(asyncio.Protocol):
    """One connection. Answers come with their length."""

    def __init__(self, wire: bytes, count: int, done: asyncio.Future[list[float]]) -> None:
        self.wire, self.left, self.done = wire, count, done
        self.times: list[float] = []
        self.read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.read, self.began = b"", perf_counter()
        self.transport.write(self.wire)  # pyright: ignore

    def data_received(self, data: bytes) -> None:
        self.read += data
        head, end, rest = self.read.partition(b"\r\n\r\n")
        if not end:
            return
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if len(rest) < int(fields[b"content-length"]):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(head.decode()))
            return
        self.times.append(perf_counter() - self.began)
        self.left -= 1
        if self.left:
            self.ask()
        else:
            self.transport.close()
            self.done.set_result(self.times)


async def _drive(port: int, wire: bytes, connections: int, each: int) -> list[float]:
    loop = asyncio.get_running_loop()
    futures = [loop.create_future() for _ in range(connections)]
    for future in futures:
        await loop.create_connection(lambda future=future: Asking(wire, each, future), "127.0.0.1", port)
    return [time for future in futures for time in await future]


def drive(port: int, wire: bytes, connections: int, each: int) -> list[float]:
    """The seconds that each request took."""
    return asyncio.run(_drive(port, wire, connections, each))
