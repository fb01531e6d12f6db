"""Server-sent events, read back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import pytest

from escher.client.sse import LIMIT_EVENT, LIMIT_STREAM, events_of
from escher.errors import ProtocolError


async def chunked(chunks: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def read(*chunks: bytes) -> list[tuple[str, str]]:
    return [event async for event in events_of(chunked(chunks))]


async def test_events_are_found_however_the_bytes_are_cut() -> None:
    """Every way to cut a stream in two gives the same events, also in the middle of a character."""
    stream = 'event: stream\ndata: {"a": "→"}\n\nevent: done\ndata: {}\n\n'.encode()
    expected = [("stream", '{"a": "→"}'), ("done", "{}")]
    assert [await read(stream[:cut], stream[cut:]) for cut in range(len(stream))] == [expected] * len(stream)


async def test_keep_alive_comments_are_left_out() -> None:
    """A comment is no event."""
    assert await read(b": ping\n\nevent: done\ndata: {}\n\n: ping\n\n") == [("done", "{}")]


async def test_data_over_several_lines_is_one_text() -> None:
    """Lines of data are joined, with either kind of line end."""
    assert await read(b"data: a\r\ndata: b\r\n\r\n") == [("message", "a\nb")]


async def test_an_event_without_end_is_refused() -> None:
    """A server cannot fill the memory with one event."""
    with pytest.raises(ProtocolError):
        await read(*[b"data: " + b"x" * 65_536] * (LIMIT_EVENT // 65_536 + 1))


async def test_a_stream_without_end_is_refused() -> None:
    """Nor with many."""
    with pytest.raises(ProtocolError):
        await read(*[b"data: " + b"x" * 65_536 + b"\n\n"] * (LIMIT_STREAM // 65_536 + 1))
