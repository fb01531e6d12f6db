"""What one reply shows, kept in plain Python: a page fetches it by message, and no file ever holds it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from weakref import WeakSet

from escher.contract.ui import Component, ErrorCard, ErrorData, ErrorProps, OutputLine
from escher.errors import EscherError
from escher.widgets.outbox import Outbox
from escher.widgets.text import text_of

KEPT_LINES = 2_000
_LIVE: WeakSet[View] = WeakSet()
_LIVE_LOCK = threading.Lock()


class View:
    """The components of a reply in order, and the last 2 000 lines of each run in it. Thread-safe.

    `digest` is the one sentence that may be saved in a notebook: it must name nothing of the user's.
    """

    def __init__(self, digest: str, components: Iterable[Component | Mapping[str, Any]] = ()) -> None:
        self.digest = digest
        self._lock = threading.RLock()
        self._components: dict[str, dict[str, Any]] = {}
        self._lines: dict[str, deque[OutputLine]] = {}
        self._outbox: Outbox | None = None
        self._blank = False
        self.put(*components)
        with _LIVE_LOCK:
            _LIVE.add(self)

    def connect(self, send: Callable[[dict[str, Any]], None]) -> None:
        """From now on call `send` with a JSON message for whatever changes."""
        with self._lock:
            self._outbox = Outbox(send)

    def put(self, *components: Component | Mapping[str, Any]) -> None:
        """Add components at the end, or replace those with the same id where they stand."""
        with self._lock:
            if self._blank:
                return
            for component in components:
                document = _document(component)
                self._components[document["id"]] = document
                if self._outbox:
                    self._outbox.put(document)

    def append(self, component_id: str, lines: Iterable[OutputLine]) -> None:
        """Add lines to the run shown by a `progress_tracker`."""
        new = tuple(lines)
        with self._lock:
            if self._blank:
                return
            self._lines.setdefault(component_id, deque(maxlen=KEPT_LINES)).extend(new)
            if self._outbox and new:
                self._outbox.append(component_id, new)

    def blank(self, title: str, failure: EscherError) -> None:
        """Forget what is shown, here and in the page, and show one card in its place, for good."""
        with self._lock:
            data = ErrorData(code=failure.code, message=failure.message, hint=failure.hint)
            card = ErrorCard(id="blank", props=ErrorProps(title=title), data=data)
            self._lines.clear()
            self._components = {card.id: _document(card)}
            self._blank = True
            self.fetch("blank")

    def fetch(self, request_id: str) -> None:
        """Send everything to the page that asked."""
        with self._lock:
            if self._outbox:
                self._outbox.show(request_id, self.documents())

    def documents(self) -> tuple[dict[str, Any], ...]:
        """Every component as JSON, runs with their last lines."""
        with self._lock:
            return tuple(self._with_lines(document) for document in self._components.values())

    def text(self) -> str:
        """The whole view as plain text, for a terminal. Never what a notebook saves: that is `digest` alone."""
        return text_of(self.documents())

    def _with_lines(self, document: dict[str, Any]) -> dict[str, Any]:
        lines = self._lines.get(document["id"])
        if not lines:
            return document
        return document | {"data": document["data"] | {"lines": [line.model_dump(mode="json") for line in lines]}}


def blank_all(title: str, failure: EscherError) -> None:
    """Blank every view of this process."""
    with _LIVE_LOCK:
        live = list(_LIVE)
    for view in live:
        view.blank(title, failure)


def _document(component: Component | Mapping[str, Any]) -> dict[str, Any]:
    return dict(component) if isinstance(component, Mapping) else component.model_dump(mode="json")
