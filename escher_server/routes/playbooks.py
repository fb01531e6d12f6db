"""Search of the library, and one playbook whole."""

from __future__ import annotations

from fastapi import APIRouter

from escher.contract.context import RequestContext
from escher.contract.playbook import Playbook, RankedPlaybook
from escher_server.library.loader import Library
from escher_server.orchestrator import Orchestrator
from escher_server.runtime.refusal import for_status
from escher_server.settings import API


def playbooks_router(orchestrator: Orchestrator, library: Library) -> APIRouter:
    """The routes of the library."""
    router = APIRouter(prefix=f"{API}/playbooks", tags=["playbooks"])

    @router.post("/search")
    async def search(context: RequestContext) -> tuple[RankedPlaybook, ...]:
        """The playbooks that fit the request, at most three, best first."""
        return await orchestrator.search(context)

    @router.get("/{playbook_id}/{version}")
    async def playbook(playbook_id: str, version: str) -> Playbook:
        """One version of a playbook with its scripts. `version` is written with or without its `v`."""
        found = library.find(playbook_id, version.removeprefix("v"))
        if found is None:
            raise for_status(404)
        return found

    return router
