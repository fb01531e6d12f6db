"""What reaches the server: 500 requests, captured on the wire, hold nothing that identifies anything of the user's."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import pytest
import uvicorn

from escher.context.vocabulary import WORDS
from escher.contract.environments import canonical_environment
from escher.contract.estate import Resource
from escher.contract.vocabulary import Kind
from escher.session.session import Session
from escher.session.wiring import assemble, server_app
from escher.settings import load_settings
from tests.product.conftest import Demo

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("product")]

REQUESTS = 500
ROUTE = "/v1/playbooks/search"
SECRETS = (
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "postgres://admin:hunter2secret@db.internal.example.com:5432/shop",
)
TYPED = (
    "stop {name}", "which tags has {identifier}?", "describe {resource_id}", "list everything in account {account_id}",
    "what is {address}?", "stop all instances owned by {owner}", "reboot {name} in {region}", "who owns {identifier}",
    "list the {kind} of {app}", "tag {name} with cost-center={cost}", "my key is {secret}, list instances",
    "stop every dev instance in {region}", "is {name} the one at {address}?", 'show "{name}" and "{identifier}"',
    "how do I delete {resource_id}?", "which volumes cost more than those of {cost}?",
)  # fmt: skip

# Words that are typed above, and the product's kinds, name nothing although a tag may have them as value.
OUR_WORDS = {word for line in TYPED for word in re.findall(r"(?<![{\w])[a-z]+(?![}\w])", line)} | set(get_args(Kind))


class Recorder:
    """An ASGI app that keeps every byte of every request before it hands it on."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.requests: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = b"\n".join(
            [scope["path"].encode(), scope["query_string"], *(b"%s: %s" % pair for pair in scope["headers"])]
        )
        index = len(self.requests)
        self.requests.append(head)

        async def recorded() -> Any:
            message = await receive()
            self.requests[index] += message.get("body", b"")
            return message

        await self._app(scope, recorded, send)


@pytest.fixture(scope="module")
def wire() -> Iterator[tuple[str, Recorder]]:
    """The real server on a port, recorded."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ESCHER_SERVER_PER_MINUTE", "0")
        recorder = Recorder(server_app())
    server = uvicorn.Server(uvicorn.Config(recorder, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", recorder
    server.should_exit = True
    thread.join(5)


def test_500_requests_name_nothing_on_the_wire(demo: Demo, wire: tuple[str, Recorder]) -> None:
    """No account number, ARN, id, address, tag value outside the allow-list or credential is in any byte sent.

    A tag value that is one everyday word (`next`, `audit`) stays in clear where it is typed bare; there are few of them.
    """
    url, recorder = wire
    settings = replace(load_settings(demo.environment), server=url)
    with assemble(settings) as parts:
        session = Session(parts)
        estate = sorted(parts.estate.snapshot().resources.values(), key=lambda one: one.natural_key)
        for question in _questions(estate):
            session.understand(question)
    sent = b"\n".join(recorder.requests).decode().replace(ROUTE, "")
    assert len(recorder.requests) >= REQUESTS
    assert _leaks(sent, estate) == []


def _questions(estate: list[Resource]) -> Iterator[str]:
    chance = random.Random(20261124)
    for number in range(REQUESTS):
        one = chance.choice(estate)
        yield TYPED[number % len(TYPED)].format(
            name=one.name, identifier=one.identifier, resource_id=one.resource_id, account_id=one.account_id,
            region=one.region, kind=one.kind.replace("_", " ") + "s", owner=one.tags.get("owner", "platform"),
            app=one.tags.get("app", "checkout"), cost=one.tags.get("cost-center", "cc-1000"),
            address=one.attributes.get("private_ip") or "10.20.30.40", secret=chance.choice(SECRETS),
        )  # fmt: skip


def _leaks(sent: str, estate: list[Resource]) -> list[str]:
    words = {one.account_id for one in estate} | {one.resource_id for one in estate}
    words |= {one.identifier for one in estate if re.search(r"\d", one.identifier)}
    words |= {
        str(one.attributes[key]) for one in estate for key in ("private_ip", "public_ip") if one.attributes.get(key)
    }
    words |= {value for one in estate for value in one.tags.values() if value and not canonical_environment(value)}
    everyday = {word for word in words - OUR_WORDS if word.lower() in WORDS}
    assert len(everyday) < 10 < len(words)
    words -= OUR_WORDS | everyday
    found = [word for word in words if word in sent and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", sent)]
    patterns = (
        r"\barn:aws",
        r"\b\d{12}\b",
        r"\b(?:i|vol|snap|sg|eipalloc)-[0-9a-f]{8,}",
        r"\b(?:\d{1,3}\.){3}\d{1,3}:?\b",
    )
    own = sent.replace("127.0.0.1", "")
    return (
        found
        + [match for pattern in patterns for match in re.findall(pattern, own)]
        + [s for s in SECRETS if s in sent]
    )
