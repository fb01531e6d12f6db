"""Server-sent events back into pairs of name and data, with a bound on what is held of an unfinished one."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator

from escher.errors import ProtocolError

LIMIT_EVENT = 1024 * 1024
LIMIT_STREAM = 8 * 1024 * 1024


async def events_of(chunks: AsyncIterable[bytes]) -> AsyncIterator[tuple[str, str]]:
    """`(name, data)` of each event; comments are left out. Raises ProtocolError when one, or all of them, are too long."""
    held, total = b"", 0
    async for chunk in chunks:
        total += len(chunk)
        *blocks, held = (held + chunk.replace(b"\r\n", b"\n")).split(b"\n\n")
        if total > LIMIT_STREAM or any(len(block) > LIMIT_EVENT for block in (*blocks, held)):
            raise ProtocolError("the server's answer is too long.", hint="Ask a narrower question.")
        for block in blocks:
            event = _event(block)
            if event is not None:
                yield event


def _event(block: bytes) -> tuple[str, str] | None:
    name, data = "message", list[str]()
    for line in block.decode("utf-8", "replace").split("\n"):
        field, _, value = line.partition(":")
        if field == "event":
            name = value.removeprefix(" ")
        elif field == "data":
            data.append(value.removeprefix(" "))
    return (name, "\n".join(data)) if data else None
