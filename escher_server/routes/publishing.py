"""What tenants keep here: publish, upload, move, count and delete their playbooks; and the library's own upkeep.

The tenant is that of the key, never of a body or a path. What belongs to another is 404, as if it were not there.
"""

from __future__ import annotations

import time
from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter
from pydantic import Field

from escher.contract.publication import (
    Publication,
    PublishAnswer,
    RunOutcome,
    Standing,
    StatusMove,
    SyncReport,
    UploadRequest,
    UploadTicket,
)
from escher.contract.refusal import Refusal
from escher_server.agents.playbook import PlaybookAgent
from escher_server.routes.access import Asking, router, takes
from escher_server.runtime.caller import Right
from escher_server.runtime.tickets import UPLOADS


class PublishRefusal(Refusal):
    """A refusal with all that is to be mended, when the playbook was read."""

    answer: PublishAnswer | None = Field(default=None)


_REFUSED: dict[int | str, dict[str, Any]] = {422: {"model": PublishRefusal}}


def publishing_router(playbooks: PlaybookAgent) -> APIRouter:
    """The routes that change what a tenant keeps."""
    routes = router("publishing", "/playbooks")

    @routes.post("/uploads", openapi_extra=takes("publisher"))
    async def uploads(wanted: UploadRequest, caller: Asking) -> UploadTicket:
        """A path to which one version may be put within 15 minutes, without a key."""
        return await run_sync(lambda: playbooks.uploads(wanted, caller.tenant, caller.key_id, _now()))

    @routes.put(f"{UPLOADS.removeprefix('/playbooks')}/{{token}}", responses=_REFUSED)
    async def upload(token: str, publication: Publication) -> PublishAnswer:
        """Publish what the path was given for. The token in it is the right to do so; a key is not asked for."""
        return await run_sync(lambda: playbooks.receive(token, publication, _now()))

    @routes.post("", openapi_extra=takes("publisher"), responses=_REFUSED)
    async def publish(publication: Publication, caller: Asking) -> PublishAnswer:
        """Check, score and keep a playbook. One that is trusted at once takes a reviewer's right as well."""
        if publication.playbook.metadata.storage_strategy == "uploaded_trusted":
            caller.require("reviewer")
        return await run_sync(lambda: playbooks.publish(publication, caller.tenant, caller.key_id, _now()))

    @routes.post("/{playbook_id}/{version}/status", openapi_extra=takes("publisher", "reviewer"))
    async def status(playbook_id: str, version: str, move: StatusMove, caller: Asking) -> Standing:
        """Move a version to another state. To approve, to activate and to reject take a reviewer."""
        key = playbook_id, version.removeprefix("v")

        def moved() -> Standing:
            caller.require(*_rights(playbooks, key, move, caller.tenant))
            return playbooks.set_status(key, move, caller.tenant, caller.key_id, _now())

        return await run_sync(moved)

    @routes.post("/{playbook_id}/{version}/stats")
    async def stats(playbook_id: str, version: str, outcome: RunOutcome, caller: Asking) -> Standing:
        """Count a run that ended: how, and how long it took; no target and no output."""
        key = playbook_id, version.removeprefix("v")
        return await run_sync(lambda: playbooks.record_run(key, outcome, caller.tenant, _now()))

    @routes.delete("/{playbook_id}/{version}", openapi_extra=takes("publisher"))
    async def delete(playbook_id: str, version: str, caller: Asking) -> Standing:
        """Take a version out of use; it is removed after 30 days."""
        key = playbook_id, version.removeprefix("v")
        return await run_sync(lambda: playbooks.delete(key, caller.tenant, caller.key_id, _now()))

    @routes.post("/sync", openapi_extra=takes("admin"))
    async def sync() -> SyncReport:
        """Fetch what is new in the library's source, and serve it."""
        return await run_sync(lambda: playbooks.sync(_now()))

    @routes.post("/register", openapi_extra=takes("admin"))
    async def register(wanted: UploadRequest) -> PublishAnswer:
        """Fetch one version of the library's source, and serve it."""
        return await run_sync(lambda: playbooks.register(wanted.playbook_id, wanted.version))

    return routes


def _rights(playbooks: PlaybookAgent, key: tuple[str, str], move: StatusMove, tenant: str) -> tuple[Right, ...]:
    """Whose move this is: to let others use a version, or to reject it, is a reviewer's."""
    found = playbooks.find(*key, tenant)
    now = found.metadata.status if found else "draft"
    lets_use = move.status in ("testing", "active") and move.status != now
    rejects = (now, move.status) == ("review", "draft")
    return ("reviewer",) if lets_use or rejects else ("publisher", "reviewer")


def _now() -> int:
    return int(time.time())
