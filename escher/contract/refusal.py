"""What the server says instead of an answer: the same few words for every route."""

from __future__ import annotations

from escher.contract.wire import Wire


class Refusal(Wire):
    """Why a request was not answered. `code` is stable; `retryable` says that the same request may be answered later."""

    code: str
    message: str
    hint: str = ""
    retryable: bool = False
