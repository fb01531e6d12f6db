"""`%escher policy`: the policy in a notebook, to read, to try and to change; only a click in the page saves it."""

from __future__ import annotations

from typing import Any

from escher.contract.messages import CheckPolicy
from escher.contract.policy import PolicyAnswer
from escher.contract.ui import PolicyData, PolicyEditor
from escher.contract.wire import digest
from escher.errors import InvalidInput, NotFound, RecordExists
from escher.session.policy import PolicyBook
from escher.widgets.consent import PolicyConsent
from escher.widgets.view import View
from escher.widgets.widget import EscherView


class ShownPolicy:
    """The policy's card. What a page types is checked here; what it saves is signed by the page."""

    def __init__(self, book: PolicyBook) -> None:
        self._book, self._saved = book, ""
        self._view = View("Escher showed the policy here; run the cell again to see it.")
        self._show(book.text())
        self.widget = EscherView(self._view, on_approve=_nothing, on_cancel=_nothing, on_policy=self)

    def __repr__(self) -> str:
        return self._view.digest

    def check(self, message: CheckPolicy) -> None:
        """Say what is wrong with a text, and what it would say of a sample."""
        self._show(message.text, message)

    def save(self, consent: PolicyConsent) -> None:
        """Put the policy in force that a person saved, or say why not. Raises ConsentFromCell for a made-up one."""
        try:
            self._book.save_click(consent)
        except (InvalidInput, RecordExists) as refused:
            self._show(consent.text, refused=f"{refused}")
        else:
            self._saved = digest(consent.text)
            self._show(consent.text)

    def _show(self, text: str, asked: CheckPolicy | None = None, refused: str = "") -> None:
        version = self._book.current()
        found: dict[str, Any] = {"number": version.number, "saved_at": version.saved_at, "text": self._book.text()}
        found |= {"checked": digest(text), "saved": self._saved, "problems": (refused,) if refused else ()}
        try:
            found["policy"], found["notes"] = self._book.read(text)
        except InvalidInput as wrong:
            found["problems"] = (wrong.message,)
        else:
            found |= self._tried(asked, found["policy"]) if asked and asked.sample else {}
        self._view.put(PolicyEditor(id="policy", data=PolicyData(**found)))

    def _tried(self, asked: CheckPolicy, policy: Any) -> dict[str, PolicyAnswer | str]:
        assert asked.sample is not None
        try:
            return {"answer": self._book.check_sample(asked.sample, policy)}
        except (InvalidInput, NotFound) as wrong:
            return {"untried": f"{wrong}"}


def _nothing(_: object) -> None:
    """There is no plan here to approve, and no run to cancel."""
