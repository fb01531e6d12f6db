"""Read messages for our views where they enter the kernel, before any code of a cell could have made them up.

ipykernel reads all messages in its shell-channel thread, in which no cell ever runs, and hands them on. A view's
messages are taken out there. So clicks arrive while a cell is busy, and nothing that a cell calls (`_handle_msg`,
`comm_msg`, `set_parent`, …) comes this way.
"""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, cast

import zmq
from ipykernel.kernelbase import Kernel
from jupyter_client.session import Session
from zmq.eventloop.zmqstream import ZMQStream

from escher.widgets.peer import Origin

Receive = Callable[[dict[str, Any], Origin], None]
_LOG = logging.getLogger(__name__)
_INSTALL_S = 5


class Gate:
    """Stands in front of a kernel's shell channel, and gives each view the page messages that bear its id."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._session = cast(Session, kernel.session)
        self._stream = cast(ZMQStream, kernel.shell_stream)
        self._views: dict[str, Receive] = {}
        self._workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="escher-page")
        self._install()

    def register(self, view_id: str, receive: Receive) -> None:
        """From now on call `receive(content, origin)`, in a worker thread, for each message to this view."""
        self._views[view_id] = receive

    def forget(self, view_id: str) -> None:
        """Leave the messages of a view to the kernel again."""
        self._views.pop(view_id, None)

    def _install(self) -> None:
        installed = threading.Event()

        def swap() -> None:
            self._stream.on_recv(self._received, copy=False)
            installed.set()

        self._kernel.shell_channel_thread.io_loop.add_callback(swap)
        installed.wait(_INSTALL_S)

    async def _received(self, frames: list[zmq.Frame]) -> None:
        if not self._taken(frames):
            await self._kernel.shell_channel_thread_main(frames)

    def _taken(self, frames: list[zmq.Frame]) -> bool:
        try:
            receive, content = self._addressee(frames)
        except (ValueError, TypeError, KeyError, IndexError):
            return False  # malformed, unsigned or sent twice: the kernel says so in its log
        if receive is None:
            return False
        task = self._workers.submit(receive, content, Origin(frames[0]))
        task.add_done_callback(_log_failure)
        return True

    def _addressee(self, frames: list[zmq.Frame]) -> tuple[Receive | None, dict[str, Any]]:
        session = self._session
        parts: list[Any] = session.feed_identities(frames, copy=False)[1]
        if session.deserialize(parts, content=False, copy=False)["header"]["msg_type"] != "comm_msg":
            return None, {}
        content = session.unpack(parts[4].bytes)
        receive = self._views.get(content["comm_id"])
        if receive is None or content["data"].get("method") != "custom":
            return None, {}
        session.deserialize(
            parts, content=True, copy=False
        )  # remembers the signature: the same bytes never count twice
        return receive, content["data"]["content"]


def _log_failure(task: Future[None]) -> None:
    if cause := task.exception():
        _LOG.error("a message from the page failed", exc_info=cause)


@functools.cache
def gate_of(kernel: Kernel) -> Gate | None:
    """The gate of a kernel, put up at the first call; None for a kernel without a shell-channel thread (ipykernel < 7)."""
    if getattr(kernel, "shell_channel_thread", None) is None:
        return None
    return Gate(kernel)
