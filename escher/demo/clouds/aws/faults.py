"""Faults on demand, a delay, and the record of calls: what those who test set at `/_demo/…`."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request, Response

from escher.demo.clouds.aws.answer import Refused
from escher.demo.clouds.aws.call import Call

PREFIX = "/_demo/"
_REMEMBERED = 100_000


@dataclass
class Fault:
    """An error in place of the answer, for calls that match; an empty field matches all.

    `operation` is a pattern. `times` ends it after so many errors, `share` spreads them evenly over so many of the calls.
    """

    service: str = ""
    operation: str = ""
    region: str = ""
    account: str = ""
    status: int = 503
    code: str = "ServiceUnavailable"
    times: int = 0
    share: float = 1.0
    _met: int = field(default=0, init=False)
    _given: int = field(default=0, init=False)

    def strikes(self, call: Call) -> bool:
        """Whether this call gets the error. Counts."""
        if not self._concerns(call) or (self.times and self._given >= self.times):
            return False
        self._met += 1
        due = int(self._met * self.share)
        struck = due > self._given
        self._given += struck
        return struck

    def _concerns(self, call: Call) -> bool:
        same = (
            call.service in (self.service or call.service)
            and call.region == (self.region or call.region)
            and call.account_id == (self.account or call.account_id)
        )
        return same and re.search(self.operation, call.operation) is not None


class Switchboard:
    """What is set at `/_demo/faults`, `/_demo/delay` and told at `/_demo/calls`. Safe to use from many threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._calls: deque[dict[str, str]] = deque(maxlen=_REMEMBERED)
        self._delay_s = 0.0
        self._lock = threading.Lock()

    def meet(self, call: Call) -> None:
        """Note a call and let it wait. Raises Refused for one that a fault strikes."""
        with self._lock:
            said = {"service": call.service, "operation": call.operation}
            self._calls.append(said | {"region": call.region, "account": call.account_id})
            struck = next((fault for fault in self._faults if fault.strikes(call)), None)
            delay_s = self._delay_s
        if delay_s:
            time.sleep(delay_s)
        if struck is not None:
            raise Refused(struck.code, "The demo was asked for this error.", struck.status)

    def handle(self, environ: dict[str, Any]) -> Response:
        """Answer a request below `/_demo/`."""
        request = Request(environ)
        what = (request.method, request.path.removeprefix(PREFIX).strip("/"))
        document = json.loads(request.get_data() or b"null")
        with self._lock:
            return self._change(what, document)

    def _change(self, what: tuple[str, str], document: Any) -> Response:
        match what:
            case "POST", "faults":
                given = document if isinstance(document, list) else [document]
                self._faults += [Fault(**one) for one in given]
            case "DELETE", "faults":
                self._faults.clear()
            case "POST", "delay":
                self._delay_s = document["ms"] / 1_000
            case "GET", "calls":
                return _json(list(self._calls))
            case "DELETE", "calls":
                self._calls.clear()
            case _:
                return _json({"error": "there is no such switch"}, 404)
        return _json({})


def _json(document: Any, status: int = 200) -> Response:
    return Response(json.dumps(document), status, mimetype="application/json")
