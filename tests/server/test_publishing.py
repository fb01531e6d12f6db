"""Publishing over HTTP: who may do what, and that no tenant ever sees what belongs to another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from escher.client.embedded import EmbeddedTransport
from escher_server.app import create_app
from escher_server.library.loader import Library
from escher_server.runtime.key_file import KeyFile
from escher_server.settings import ServerSettings
from tests.server.conftest import context

TENANTS = ("acme", "globex")
SCOPES = ("user", "publisher", "reviewer", "admin")


class Doors:
    """A server with two tenants, and a key of each scope for each."""

    def __init__(self, home: Path) -> None:
        keys = KeyFile(home)
        self.keys = {(tenant, scope): keys.create(tenant, (scope,))[0] for tenant in TENANTS for scope in SCOPES}
        self.http = httpx.AsyncClient(
            transport=EmbeddedTransport(create_app(ServerSettings(home=home))), base_url="http://x"
        )

    async def ask(self, who: tuple[str, str], method: str, path: str, body: Any = None) -> httpx.Response:
        """One request with the key of a tenant and scope."""
        headers = {"authorization": f"Bearer {self.keys[who]}"}
        return await self.http.request(method, f"/v1/playbooks{path}", json=body, headers=headers)


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    """A new one."""
    doors = Doors(tmp_path)
    yield doors
    await doors.http.aclose()


def publication(library: Library, name: str, version: str = "1.0.0", strategy: str = "uploaded_for_review") -> Any:
    """A playbook of a tenant's own, made of one of the library's."""
    found = library.find("escher-aws-ec2-stop", "1.0.0")
    assert found is not None
    playbook = found.model_dump(mode="json")
    playbook["metadata"] |= {
        "playbook_id": name,
        "version": version,
        "author": "user_custom",
        "storage_strategy": strategy,
        "status": "draft",
    }
    return {"playbook": playbook, "why": "for the test"}


async def test_from_upload_to_use_and_out_of_it(doors: Doors, library: Library) -> None:
    """A publisher publishes, a reviewer approves and activates, a user finds and counts, the publisher takes it out."""
    publisher, reviewer, user = ((TENANTS[0], scope) for scope in ("publisher", "reviewer", "user"))
    answer = await doors.ask(publisher, "POST", "", publication(library, "user-stop"))
    assert (answer.status_code, answer.json()["status"]) == (200, "review")
    place = "/user-stop/v1.0.0"
    assert (await doors.ask(publisher, "POST", f"{place}/status", {"status": "testing"})).status_code == 403
    for status in ("testing", "active"):
        moved = await doors.ask(reviewer, "POST", f"{place}/status", {"status": status})
        assert (moved.status_code, moved.json()["status"]) == (200, status)
    run = await doors.ask(user, "POST", f"{place}/stats", {"status": "completed", "duration_seconds": 3})
    assert (run.json()["execution_count"], run.json()["success_rate"]) == (1, 1)
    assert (await doors.ask(user, "GET", place)).json()["metadata"]["status"] == "active"
    question = context("stop every dev EC2 instance").model_dump(mode="json")
    assert (await doors.ask(user, "POST", "/search", question)).json()[0]["playbook_id"] == "user-stop"
    other = await doors.ask((TENANTS[1], "user"), "POST", "/search", question)
    assert other.json()[0]["playbook_id"] == "escher-aws-ec2-stop"
    assert (await doors.ask(user, "DELETE", place)).status_code == 403
    assert (await doors.ask(publisher, "DELETE", place)).json()["status"] == "deleted"
    assert (await doors.ask(user, "GET", place)).status_code == 404


async def test_trust_at_once_takes_both_rights(doors: Doors, library: Library) -> None:
    """A publisher alone cannot put a playbook into use; an admin can."""
    trusted = publication(library, "user-trusted", strategy="uploaded_trusted")
    assert (await doors.ask((TENANTS[0], "publisher"), "POST", "", trusted)).status_code == 403
    assert (await doors.ask((TENANTS[0], "admin"), "POST", "", trusted)).json()["status"] == "active"


async def test_what_is_published_never_changes(doors: Doors, library: Library) -> None:
    """The same again is fine, other content under the same version is a conflict."""
    who, body = (TENANTS[0], "publisher"), publication(library, "user-fixed")
    first = await doors.ask(who, "POST", "", body)
    assert (await doors.ask(who, "POST", "", body)).json()["sha256"] == first.json()["sha256"]
    body["playbook"]["metadata"]["purpose"] = "something else"
    again = await doors.ask(who, "POST", "", body)
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


async def test_an_upload_needs_its_ticket_and_no_key(doors: Doors, library: Library) -> None:
    """The path is good for its version alone; any other path is 401 before the body is read."""
    ticket = await doors.ask(
        (TENANTS[0], "publisher"), "POST", "/uploads", {"playbook_id": "user-up", "version": "1.0.0"}
    )
    path = ticket.json()["path"]
    other = await doors.http.put(path, json=publication(library, "user-other"))
    assert (other.status_code, other.json()["code"]) == (403, "forbidden")
    put = await doors.http.put(path, json=publication(library, "user-up"))
    assert (put.status_code, put.json()["status"]) == (200, "review")
    assert (await doors.http.put(f"{path[:-2]}xx", content=b"zebra")).status_code == 401
    assert (await doors.http.post(path, content=b"zebra")).status_code == 401
    assert (await doors.ask((TENANTS[0], "user"), "GET", "/user-up/1.0.0")).status_code == 200
    assert (await doors.ask((TENANTS[1], "admin"), "GET", "/user-up/1.0.0")).status_code == 404


async def test_what_is_another_tenants_is_not_there(doors: Doors, library: Library) -> None:
    """Every route says 404 as for what never was, word for word, to every scope of the other tenant."""
    await doors.ask((TENANTS[0], "admin"), "POST", "", publication(library, "user-secret", strategy="uploaded_trusted"))
    requests: list[tuple[str, str, Any]] = [
        ("GET", "/{}/1.0.0", None),
        ("DELETE", "/{}/1.0.0", None),
        ("POST", "/{}/1.0.0/status", {"status": "suspended", "why": "no"}),
        ("POST", "/{}/1.0.0/status", {"status": "active"}),
        ("POST", "/{}/1.0.0/stats", {"status": "completed", "duration_seconds": 1}),
    ]
    for method, path, body in requests:
        there, never = [
            await doors.ask((TENANTS[1], "admin"), method, path.format(name), body)
            for name in ("user-secret", "user-never")
        ]
        assert (there.status_code, there.text) == (404, never.text)
    found = await doors.ask((TENANTS[0], "user"), "GET", "/user-secret/1.0.0")
    assert (found.status_code, found.json()["metadata"]["status"]) == (200, "active")


@pytest.mark.campaign
async def test_two_tenants_never_see_each_others_playbooks(
    campaign: Callable[[int], int], doors: Doors, library: Library
) -> None:
    """Interleaved in every order: under the same names each sees its own, and searches and statistics are its own."""
    names = [f"user-play-{number}" for number in range(6)]
    held: dict[str, dict[str, str]] = {tenant: {} for tenant in TENANTS}
    runs: dict[tuple[str, str], int] = {}
    chance = Random(7)
    question = context("stop every dev EC2 instance").model_dump(mode="json")
    for number in range(campaign(10_000)):
        tenant, name = chance.choice(TENANTS), chance.choice(names)
        act = chance.choice(("publish", "get", "get", "search", "count"))
        who = (tenant, "admin")
        if act == "publish" and name not in held[tenant]:
            body = publication(library, name, strategy="uploaded_trusted")
            body["playbook"]["metadata"]["purpose"] = f"the {name} of {tenant}"
            assert (await doors.ask(who, "POST", "", body)).status_code == 200
            held[tenant][name] = body["playbook"]["metadata"]["purpose"]
        elif act == "get":
            got = await doors.ask(who, "GET", f"/{name}/1.0.0")
            assert (got.status_code == 200) == (name in held[tenant]), number
            assert got.status_code == 404 or got.json()["metadata"]["purpose"] == held[tenant][name]
        elif act == "search":
            found = (await doors.ask(who, "POST", "/search", question)).json()
            assert {one["playbook_id"] for one in found if one["playbook_id"].startswith("user-")} <= set(held[tenant])
        elif act == "count" and name in held[tenant]:
            runs[tenant, name] = runs.get((tenant, name), 0) + 1
            told = await doors.ask(who, "POST", f"/{name}/1.0.0/stats", {"status": "completed", "duration_seconds": 1})
            assert told.json()["execution_count"] == runs[tenant, name]
    assert all(held.values())
