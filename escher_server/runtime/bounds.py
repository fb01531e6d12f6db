"""No request is larger than the contract allows, nor waited for or worked on for ever, whatever its headers say."""

from __future__ import annotations

from asyncio import CancelledError, current_task, get_running_loop

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from escher_server.errors import ServerError
from escher_server.runtime.headers import header
from escher_server.runtime.refusal import for_status, send_refusal, timed_out


class _Deadline:
    """Cancels the task that made it after so many seconds, once: `asyncio.timeout` at a tenth of its cost."""

    __slots__ = ("_before", "_passed", "_task", "_timer")

    def __init__(self, seconds: float) -> None:
        task = current_task()
        assert task is not None, "a request is always answered by a task"
        self._task, self._before, self._passed = task, task.cancelling(), False
        self._timer = get_running_loop().call_later(seconds, self._pass)

    def _pass(self) -> None:
        self._passed = True
        self._task.cancel()

    def is_the_reason(self) -> bool:
        """Whether the task was cancelled by this and by nobody else."""
        return self._passed and self._task.uncancel() <= self._before

    def lift(self) -> None:
        """It is over, in time or not; a cancellation of its own that nobody felt is taken back."""
        self._timer.cancel()
        if self._passed and self._task.cancelling() > self._before:
            self._task.uncancel()


class Bounds:
    """ASGI middleware: reads at most `limit` bytes, hands them on as one message, and gives up after `seconds`.

    413 for too large a body, 408 for one that does not come, 503 when no answer has begun by then; an answer that has
    is cut off.
    """

    def __init__(self, app: ASGIApp, limit: int, seconds: float) -> None:
        self.app = app
        self.limit = limit
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body: bytes | ServerError | None = None
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        deadline = _Deadline(self.seconds)
        try:
            body = await self._body(header(scope, b"content-length"), receive)
            if isinstance(body, bytes):
                await self.app(scope, _replay(body, receive), sending)
        except CancelledError:
            if not deadline.is_the_reason():
                raise
            body = timed_out() if isinstance(body, bytes) else for_status(408)
        finally:
            deadline.lift()
        if isinstance(body, ServerError) and not started:
            await send_refusal(send, body)

    async def _body(self, declared: bytes, receive: Receive) -> bytes | ServerError:
        """The body, or why it is not read."""
        if declared.isdigit() and int(declared) > self.limit:
            return for_status(413)
        message = await receive()
        body: bytes = message.get("body", b"")
        while len(body) <= self.limit:
            if message["type"] == "http.disconnect" or not message.get("more_body", False):
                return body
            message = await receive()
            body += message.get("body", b"")
        return for_status(413)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body once and then whatever comes, which is the client's going away."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
