"""A stream of events as it goes on the wire: failures become the last event, and the end is padded.

Server-sent events and WebSocket messages carry the same JSON.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TypeVar

from anyio import current_time, fail_after

from escher.contract.events import Done, Event, Failed
from escher.errors import EscherError
from escher_server.runtime.refusal import internal, timed_out
from escher_server.runtime.request_log import log_failure

PAD_TO = 8 * 1024
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WireEvent:
    """An event with its name and its JSON, both as they are sent."""

    name: str
    data: str


async def wire_events(events: AsyncIterator[Event], seconds: float) -> AsyncIterator[WireEvent]:
    """Each event once, the last one `done` or `error`. The JSON of a whole stream is a multiple of 8 KiB long.

    What has not come to its end after so many seconds is given up.
    """
    sent = 0
    try:
        async for event in _in_time(events, seconds):
            data = (_padded(event, sent) if isinstance(event, Done) else event).model_dump_json()
            sent += len(data.encode())
            yield WireEvent(event.type, data)
    except Exception as failure:  # noqa: BLE001 whatever happens, the stream ends with an event that says so
        yield WireEvent("error", _failed(failure).model_dump_json())


async def _in_time(items: AsyncIterator[T], seconds: float) -> AsyncIterator[T]:
    """The items, as long as they come in time. Raises TimedOut."""
    until = current_time() + seconds
    try:
        while True:
            with fail_after(until - current_time()):
                item = await anext(items)
            yield item
    except StopAsyncIteration:
        return
    except TimeoutError as cause:
        raise timed_out() from cause


def _padded(done: Done, sent: int) -> Done:
    bare = sent + len(done.model_dump_json())
    return done.model_copy(update={"padding": " " * (-bare % PAD_TO)})


def _failed(failure: Exception) -> Failed:
    if not isinstance(failure, EscherError):
        log_failure(failure)
        failure = internal()
    return Failed(code=failure.code, message=failure.message, hint=failure.hint, retryable=failure.retryable)
