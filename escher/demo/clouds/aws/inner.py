"""Clients of botocore that ask moto within this process: no socket, no record, no fault.

Making a client takes long, so there is one for each service; `at` says in which account and region it acts.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from moto.core.loaders import Loader
from moto.core.utils import get_service_model
from werkzeug.test import Client

_HOME = "us-east-1"
_ENDPOINT = "http://127.0.0.1"
_CONFIG = Config(retries={"total_max_attempts": 1}, parameter_validation=False, s3={"addressing_style": "path"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client acts; `host` is the address that moto takes for its own."""

    account_id: str
    region: str
    host: str = "127.0.0.1"


_PLACE: ContextVar[Place] = ContextVar("place")


@contextmanager
def at(place: Place) -> Generator[None]:
    """Let the clients act in this account and region while the block runs."""
    before = _PLACE.set(place)
    try:
        yield
    finally:
        _PLACE.reset(before)


class InnerClients:
    """A client for each service. Safe to use from many threads."""

    def __init__(self, moto: Any) -> None:
        self._browser = Client(moto)
        self._session = botocore.session.Session()
        self._session.register_component("data_loader", _MotosModels())
        self._session.set_credentials("inner", "inner")  # moto goes by the account's header
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str) -> Any:
        """The service's client."""
        with self._lock:
            if service not in self._clients:
                made = self._session.create_client(service, _HOME, endpoint_url=_ENDPOINT, config=_CONFIG)
                made.meta.events.register("before-send", self._send)
                self._clients[service] = made
            return self._clients[service]

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        place = _PLACE.get()
        headers = {name: _text(value) for name, value in request.headers.items()}
        headers["Authorization"] = re.sub(rf"/{_HOME}/", f"/{place.region}/", headers.get("Authorization", ""))
        headers |= {"x-moto-account-id": place.account_id, "Host": place.host}
        method: str = request.method
        url: str = request.url
        said = self._browser.open(
            url.replace("127.0.0.1", place.host), method=method, headers=headers, data=request.body
        )
        return AWSResponse(url, said.status_code, _Headers(said.headers), _Raw(said.data))


class _MotosModels(Loader):
    """Service models as moto has loaded them: read and kept once, they save a hundred megabytes."""

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        if type_name != "service-2" or service_name == "s3":  # botocore takes the bucket out of its model of S3
            return super().load_service_model(service_name, type_name, api_version)
        return get_service_model(service_name)._service_description  # pyright: ignore[reportPrivateUsage]  # no other way to it


class _Headers(dict[str, str]):
    """Headers as botocore reads them, whatever their case."""

    def __init__(self, headers: Any) -> None:
        super().__init__({name.lower(): value for name, value in headers.items()})

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key.lower(), default)


class _Raw(io.BytesIO):
    """A body as urllib3 would hand it out."""

    def stream(self, amount: int = 65_536, decode_content: bool = False) -> Any:
        while chunk := self.read(amount):
            yield chunk


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
