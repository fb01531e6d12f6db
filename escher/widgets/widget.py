"""The one widget: shows a `View` in a notebook, and takes clicks from it.

Widget state is written into saved notebooks, so the only traits are the bundle and a short digest; everything else
crosses by message (design.md section 3, Notebook).
"""

from __future__ import annotations

import functools
import html
import threading
import uuid
from collections.abc import Callable
from importlib import resources
from typing import Any, Protocol

import anywidget
import traitlets
from ipykernel.kernelbase import Kernel
from IPython.display import display
from pydantic import ValidationError

from escher.contract.messages import (
    PAGE_MESSAGE,
    ApprovePlan,
    CancelRun,
    CheckPolicy,
    FetchView,
    PageMessage,
    PauseRun,
    SavePolicy,
)
from escher.errors import ConsentFromCell, EscherError, MissingDependency, ProtocolError
from escher.widgets.compose import compose_error
from escher.widgets.consent import FrontEndConsent, PageKey, PolicyConsent
from escher.widgets.gate import Gate, gate_of
from escher.widgets.peer import Origin
from escher.widgets.presence import PRESENCE
from escher.widgets.view import View

OnApprove = Callable[[FrontEndConsent], None]
OnCancel = Callable[[str], None]
OnPause = Callable[[str, bool], None]


class OnPolicy(Protocol):
    """Who edits the policy in a view."""

    def check(self, message: CheckPolicy) -> None:
        """Read a text and try it; nothing is saved."""
        ...

    def save(self, consent: PolicyConsent) -> None:
        """Put the policy in force that a person saved."""
        ...


class EscherView(anywidget.AnyWidget):
    """Shows `view`. Calls `on_approve` with the consent of a click, and `on_cancel` with the id of a run.

    `on_policy` takes what a page sends of the policy, `on_pause` a run's id and whether it is to stand. All are called in a worker thread and must only enqueue; an EscherError they raise is shown in the view. A consent
    is worth nothing until `escher.widgets.consent.redeem` has taken it. Raises MissingDependency without the bundle.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    digest = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        view: View,
        on_approve: OnApprove,
        on_cancel: OnCancel,
        on_policy: OnPolicy | None = None,
        on_pause: OnPause | None = None,
    ) -> None:
        view_id = uuid.uuid4().hex
        self._view, self._on_policy = view, on_policy
        self._on_approve = on_approve
        self._on_cancel, self._on_pause = on_cancel, on_pause
        self._page_key = PageKey()
        self._opened = threading.Event()
        self._gate = _gate()
        if self._gate:
            self._gate.register(view_id, self._receive)
        super().__init__(model_id=view_id, _esm=_bundle("widget.js"), _css=_bundle("widget.css"), digest=view.digest)
        view.connect(self.send)
        self._opened.set()

    def __repr__(self) -> str:
        """What a saved notebook, a terminal and a screen reader get."""
        return self.digest

    def _ipython_display_(self, **options: object) -> None:
        """Put out the view, and before it its digest, which the view hides: a page that has no kernel shows that."""
        display({"text/html": f'<div class="escher-digest">{html.escape(self.digest)}</div>'}, raw=True)
        data, metadata = self._repr_mimebundle_() or ({}, {})
        display(data, metadata=metadata, raw=True)

    def close(self) -> None:
        """Take the widget out of every page."""
        if self._gate and self.comm:
            self._gate.forget(self.model_id)
        super().close()

    def _receive(self, content: dict[str, Any], origin: Origin) -> None:
        """A message that the gate took from the network; a quick page asks before its widget is wholly made."""
        self._opened.wait(_OPENING_S)
        try:
            message = _page_message(content)
            if not isinstance(message, FetchView):
                PRESENCE.acted()
            if isinstance(message, ApprovePlan):
                self._on_approve(self._page_key.consent(message, origin))
            elif isinstance(message, SavePolicy):
                consent = self._page_key.policy_consent(message, origin)
                if self._on_policy:
                    self._on_policy.save(consent)
            else:
                if isinstance(message, FetchView):
                    self._page_key.pin(message.key, origin)
                self._answer(message)
        except EscherError as error:
            self._view.put(compose_error(error))

    def _handle_custom_msg(self, content: dict[str, Any], buffers: object) -> None:
        """A message that did not pass the gate: a cell may have made it up, so it can never consent."""
        message = _page_message(content)
        if isinstance(message, ApprovePlan | SavePolicy):
            error = ConsentFromCell("Consent is taken from a click in the page only.", hint=_NO_GATE_HINT)
            self._view.put(compose_error(error))
            raise error
        self._answer(message)

    def _answer(self, message: FetchView | CheckPolicy | CancelRun | PauseRun) -> None:
        if isinstance(message, CancelRun):
            self._on_cancel(message.run_id)
        elif isinstance(message, PauseRun):
            if self._on_pause:
                self._on_pause(message.run_id, message.paused)
        elif isinstance(message, CheckPolicy):
            if self._on_policy:
                self._on_policy.check(message)
        else:
            self._view.fetch(message.id)


_OPENING_S = 5
_NO_GATE_HINT = "Click Approve in a notebook on ipykernel 7 or later, or use `escher approve` in a terminal."


def _gate() -> Gate | None:
    return gate_of(Kernel.instance()) if Kernel.initialized() else None


def _page_message(content: dict[str, Any]) -> PageMessage:
    try:
        return PAGE_MESSAGE.validate_python(content)
    except ValidationError as cause:
        raise ProtocolError("The page sent a message this kernel does not know.", hint="Reload the page.") from cause


@functools.cache
def _bundle(name: str) -> str:
    """One file of the bundle that `npm run build` makes in `jupyter_ext`."""
    try:
        return resources.files("escher.widgets").joinpath("static", name).read_text("utf-8")
    except FileNotFoundError as cause:
        raise MissingDependency(
            f"The widget's {name} is not built.", hint="Run `npm ci && npm run build` in jupyter_ext."
        ) from cause
