"""Search of the library and of the tenant's own playbooks, and one playbook whole."""

from __future__ import annotations

from anyio.to_thread import run_sync
from fastapi import APIRouter

from escher.contract.context import RequestContext
from escher.contract.playbook import Playbook, RankedPlaybook
from escher_server.orchestrator import Orchestrator
from escher_server.routes.access import Asking, router
from escher_server.runtime.refusal import for_status


def playbooks_router(orchestrator: Orchestrator) -> APIRouter:
    """The routes that read playbooks."""
    routes = router("playbooks", "/playbooks")

    @routes.post("/search")
    async def search(context: RequestContext, caller: Asking) -> tuple[RankedPlaybook, ...]:
        """The playbooks that fit the request, at most three, best first."""
        return await orchestrator.of(caller.tenant).search(context)

    @routes.get("/{playbook_id}/{version}")
    async def playbook(playbook_id: str, version: str, caller: Asking) -> Playbook:
        """One version of a playbook with its scripts. `version` is written with or without its `v`."""
        find = orchestrator.playbooks.find
        found = await run_sync(lambda: find(playbook_id, version.removeprefix("v"), caller.tenant))
        if found is None:
            raise for_status(404)
        return found

    return routes
